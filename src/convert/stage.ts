import type { Instruction } from "./instruction.ts";
import type { Entry, Lua } from "./lua.ts";
import type { Binding, Scope } from "./scope.ts";

/** One `FROM` and what follows it, as it becomes Lua. */
export interface Stage {
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** The local that holds its State. */
  readonly local: string;
  readonly comments: readonly string[];
  /** The stage that it goes on from. */
  readonly base: Stage | undefined;
  /** Some step of it, or of a stage on it, may look at build arguments. */
  readonly runs: boolean;
  readonly head: Lua;
  /** Locals that come before it. */
  readonly statements: Statement[];
  readonly steps: Step[];
  readonly scope: Scope;
  /** What ENV has set, here and in the stages that it goes on from: stages on this one start with it. */
  readonly env: Map<string, { readonly value: Lua; readonly binding: Binding }>;
  /** Comments that wait for the next step. */
  pending: string[];
  /** The working directory, if it is known: absolute. */
  dir: string | undefined;
  /** The State has settings that belong into the image. */
  hasSettings: boolean;
  /** Options of `bk.export`. */
  readonly config: Map<string, ConfigEntry>;
  /** CMD stands in this stage itself. */
  cmdIsSet: boolean;
  /** What ONBUILD keeps for stages on this one. */
  readonly triggers: Instruction[];
}

export interface Statement {
  readonly comments: readonly string[];
  readonly name: string;
  readonly value: Lua;
}

export type Step =
  | {
      readonly type: "call";
      readonly method: string;
      readonly args: readonly Lua[];
      readonly comments: readonly string[];
    }
  /** Laid over what is there so far. */
  | { readonly type: "merge"; readonly layer: Lua; readonly comments: readonly string[] };

/** A list or table grows by several instructions; other values are replaced. */
export interface ConfigEntry {
  readonly comments: readonly string[];
  readonly value: Lua;
}

/** Adds a method call to the chain of a stage, under the comments that wait for it. */
export function addCall(stage: Stage, method: string, ...args: readonly Lua[]): void {
  stage.steps.push({ type: "call", method, args, comments: takePending(stage) });
}

/** The comments that waited. */
export function takePending(stage: Stage): readonly string[] {
  const { pending } = stage;
  stage.pending = [];
  return pending;
}

/** Sets an option of the image. */
export function setConfig(stage: Stage, key: string, value: Lua): void {
  stage.config.delete(key);
  stage.config.set(key, { value, comments: takePending(stage) });
}

/** Adds to a list or table of the image. An entry with the same key is replaced. */
export function addConfig(stage: Stage, key: string, entries: readonly Entry[]): void {
  const before = stage.config.get(key);
  const old = before?.value.type === "table" ? before.value.entries : [];
  const kept = old.filter((each) => each.key === undefined || !entries.some((entry) => sameKey(each, entry)));
  const comments = [...(before?.comments ?? []), ...takePending(stage)];
  stage.config.set(key, { comments, value: { type: "table", entries: [...kept, ...entries] } });
}

function sameKey(left: Entry, right: Entry): boolean {
  return JSON.stringify(left.key) === JSON.stringify(right.key);
}

/** What the last SHELL says, in the stage or in one that it goes on from. */
export function shellOf(stage: Stage | undefined): readonly Lua[] | undefined {
  if (stage === undefined) return undefined;
  const last = stage.steps.findLast((step) => step.type === "call" && step.method === "with_shell");
  const words = last?.type === "call" ? last.args[0] : undefined;
  return words?.type === "table" ? words.entries.map(({ value }) => value) : shellOf(stage.base);
}
