import type { Testbed } from "../../scripts/testbed/record.ts";
import type { OwnBuildkitd } from "../support/own-buildkitd.ts";
import type { Case, Column, Contender } from "./case.ts";
import type { Command, Stopwatch } from "./stopwatch.ts";

/** What the cases are made of. */
export interface Bench {
  /** Absolute path of the executable. */
  readonly luakit: string;
  readonly goLuakit: string | undefined;
  /** The gateway's executable of the Go luakit, linked with nothing. */
  readonly goGateway: string | undefined;
  /** For files; goes when all is done. */
  readonly folder: string;
  readonly stopwatch: Stopwatch;
}

/** With a daemon that does nothing else. */
export interface DaemonBench extends Bench {
  readonly bed: Testbed;
  readonly daemon: OwnBuildkitd;
  /** `buildx build` on that daemon, with what it needs of the environment; undefined where there is no buildx. */
  readonly buildx: Buildx | undefined;
}

export interface Buildx {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes its cases one after the other, each with what it needs; the next one is asked for when one was measured. */
export type Part = AsyncGenerator<Case, void, void>;

/** A contender that is a command, or makes one anew for each round. */
export function commandOf(
  { stopwatch }: Bench,
  column: Column,
  command: Command | (() => Command | Promise<Command>),
  label?: string,
): Contender {
  return {
    column,
    ...(label === undefined ? {} : { label }),
    sample: async () => stopwatch.run(typeof command === "function" ? await command() : command),
  };
}
