import { LuakitError } from "../diagnostic/luakit-error.ts";
import { luaType, Mismatch } from "./kind.ts";
import type { LuaStack } from "./lua-stack.ts";
import { pushRemoved, type replaced } from "./sandbox-tables.ts";
import { type LuaState, upvalueIndex } from "./state.ts";

export interface SandboxOptions {
  readonly state: LuaState;
  readonly stack: LuaStack;
  readonly environment: (name: string) => string | undefined;
  readonly print: (line: string) => void;
}

/** What stands in for all that reaches out of a build script: `sandbox-tables.ts` says where. */
export function sandboxFunctions(
  options: SandboxOptions,
): Readonly<Record<Exclude<(typeof replaced)[number], "randomseed">, () => number>> {
  const { state, stack, print } = options;
  const started = performance.now();
  return {
    removed: () => refuseRemoved(options),
    missing: () => pushMissing(options),
    getenv: () => pushVariable(options),
    clock: () => {
      state.c.lua_pushnumber(state.thread, Math.round((performance.now() - started) * 1000) / 1e6);
      return 1;
    },
    show: () => {
      print(joinValues(state, stack));
      return 0;
    },
  };
}

function pushVariable({ state, stack, environment }: SandboxOptions): number {
  const name = stack.type(stack.at(1)) === luaType.string ? stack.text(stack.at(1)) : undefined;
  if (name === undefined)
    throw new Mismatch(`os.getenv: expected a variable's name, got ${stack.describe(stack.at(1))}`);
  const value = environment(name);
  if (value === undefined) state.c.lua_pushnil(state.thread);
  else state.pushText(value);
  return 1;
}

function joinValues(state: LuaState, stack: LuaStack): string {
  const words: string[] = [];
  const top = stack.top();
  for (let index = 1; index <= top; index++) {
    state.c.luaL_tolstring(state.thread, index, 0);
    words.push(state.lossyText(-1));
    stack.pop(1);
  }
  return words.join("\t");
}

/** `cpath` and `searchers` are data elsewhere, and scripts may look whether they are there. */
const absentData = ["package.cpath", "package.searchers", "package.loaders", "package.config"];

function pushMissing({ state, stack }: SandboxOptions): number {
  const key = stack.type(stack.at(2)) === luaType.string ? stack.text(stack.at(2)) : undefined;
  const name = `${state.lossyText(upvalueIndex(2))}.${key}`;
  if (key === undefined || absentData.includes(name)) state.c.lua_pushnil(state.thread);
  else pushRemoved(state, name);
  return 1;
}

function refuseRemoved({ state }: SandboxOptions): never {
  throw new LuakitError("script.sandbox", `${state.lossyText(upvalueIndex(2))} is not available in build scripts`);
}
