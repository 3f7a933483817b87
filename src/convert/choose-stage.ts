import { type Conversion, imageOf } from "./conversion.ts";
import { code, type Lua } from "./lua.ts";
import { printLua } from "./print-lua.ts";
import { foreign, type Scope } from "./scope.ts";
import type { Stage, Statement } from "./stage.ts";
import type { LuaWord } from "./word-to-lua.ts";

/** A stage whose name an argument decides, looked up when the script runs. */
export interface ChosenStage {
  readonly statement: Statement;
  readonly head: Lua;
  /** Whether all of them give the same config and triggers. */
  readonly isSame: boolean;
  /** The variables of all of them; what differs is known to none. */
  readonly scope: Scope;
  /** The working directory, if it is the same. */
  readonly dir: string | undefined;
}

/** How `local` goes on from one of the stages that `word` may name; an image when it names none. */
export function chooseStage(conversion: Conversion, local: string, parent: Stage, { lua }: LuaWord): ChosenStage {
  const pattern = patternOf(lua);
  const candidates = conversion.stages.filter(
    (stage) => stage.name !== undefined && pattern.test(stage.name) && conversion.findStage(stage.name) === stage,
  );
  const table = conversion.names.take(`${local}_stages`);
  const entries = candidates.map(({ name = "", local: value }) => ({ key: name, value: code(value) }));
  const name = printLua(lua, "", Number.NEGATIVE_INFINITY);
  const image = printLua(imageOf(lua, undefined), "", Number.NEGATIVE_INFINITY);
  return {
    statement: { comments: [], name: table, value: { type: "table", entries } },
    head: code(`(${table}[${name}] or ${image})`),
    isSame: candidates.every((stage) => traits(stage) === traits(parent)),
    scope: commonScope(parent, candidates),
    dir: candidates.every(({ dir }) => dir === parent.dir) ? parent.dir : undefined,
  };
}

function patternOf(lua: Lua): RegExp {
  const parts = lua.type === "concat" ? lua.parts : [lua];
  const source = parts.map((part) =>
    part.type === "string" ? part.value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : ".*",
  );
  return new RegExp(`^${source.join("")}$`, "i");
}

function commonScope(parent: Stage, candidates: readonly Stage[]): Scope {
  const scope = parent.scope.fork();
  const names = new Set(candidates.flatMap((stage) => stage.scope.entries().map(([name]) => name)));
  for (const name of names) {
    const meanings = new Set(candidates.map((stage) => JSON.stringify(stage.scope.get(name))));
    if (meanings.size > 1) scope.set(name, foreign);
  }
  return scope;
}

/** What a stage hands on besides its files and settings. */
function traits({ config, triggers }: Stage): string {
  const options = [...config].map(([key, { value }]) => [key, printLua(value, "", 0)]).sort();
  return JSON.stringify([options, triggers.map(({ source }) => source)]);
}
