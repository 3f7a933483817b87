import { defineHandle, handle } from "../lua/handle.ts";
import type { describeImage } from "./describe-config.ts";
import type { ScriptBuild } from "./script-runner.ts";
import type { Subject } from "./subject.ts";
import type { Value } from "./value.ts";

/** What `expect` was given. */
export interface Expectation {
  readonly value: Value;
  /** The graph, once something asked for it. */
  subject?: Subject;
}

/** What a daemon has built for a test. */
export interface Solved {
  readonly number: number;
  readonly config: Partial<ReturnType<typeof describeImage>>;
}

export const expectationHandle = defineHandle<Expectation>({
  name: "Expectation",
  doc: "A value that is to be checked. Every method ends the test when the value is not as it says, and gives the Expectation again.",
  toText: () => "Expectation",
});

export const buildHandle = defineHandle<ScriptBuild>({
  name: "Build",
  doc: "What a script gave in a test.",
  toText: ({ name }) => `Build(${name})`,
});

export const solvedHandle = defineHandle<Solved>({
  name: "Solved",
  doc: "What a daemon has built: its files can be looked at, and programs run in it.",
  toText: ({ number }) => `Solved(${number})`,
});

export const build = handle(buildHandle);
