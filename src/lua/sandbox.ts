import { LuakitError } from "../diagnostic/luakit-error.ts";
import { luaType, Mismatch } from "./kind.ts";
import type { LuaStack } from "./lua-stack.ts";
import { type LuaState, type RawFunction, registryIndex, upvalueIndex } from "./state.ts";

export interface SandboxOptions {
  readonly state: LuaState;
  readonly stack: LuaStack;
  readonly environment: (name: string) => string | undefined;
  readonly print: (line: string) => void;
}

const keptOfOs = ["date", "time"];

/** Takes away all that reaches out of a build script, and says so where it was. */
export function installSandbox(options: SandboxOptions): void {
  const { state } = options;
  const removed = state.register(() => refuseRemoved(options));
  const missing = state.register(() => pushMissing(options, removed));
  for (const name of ["dofile", "loadfile"]) {
    pushRemoved(state, removed, name);
    setGlobal(state, name);
  }
  setMember(state, "string", "dump", () => pushRemoved(state, removed, "string.dump"));
  installOs(options, missing);
  for (const name of ["io", "debug"]) installMissingTable(state, name, missing, () => undefined);
  installPackage(state, missing);
  installGlobals(options);
}

function installOs(options: SandboxOptions, missing: number): void {
  const { state, stack } = options;
  const { c } = state;
  const started = performance.now();
  installMissingTable(state, "os", missing, () => {
    c.lua_getglobal(state.thread, state.name("os"));
    for (const name of keptOfOs) {
      c.lua_getfield(state.thread, -1, state.name(name));
      c.lua_setfield(state.thread, -3, state.name(name));
    }
    stack.pop(1);
    state.pushFunction(() => pushVariable(options));
    c.lua_setfield(state.thread, -2, state.name("getenv"));
    state.pushFunction(() => {
      c.lua_pushnumber(state.thread, Math.round((performance.now() - started) * 1000) / 1e6);
      return 1;
    });
    c.lua_setfield(state.thread, -2, state.name("clock"));
  });
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

function installPackage(state: LuaState, missing: number): void {
  installMissingTable(state, "package", missing, () => {
    state.pushText("./?.lua;./?/init.lua");
    state.c.lua_setfield(state.thread, -2, state.name("path"));
    state.c.lua_createtable(state.thread, 0, 0);
    state.c.lua_setfield(state.thread, -2, state.name("preload"));
    pushLoaded(state);
    state.c.lua_setfield(state.thread, -2, state.name("loaded"));
  });
}

/** The libraries by name: `require "string"` gives them, and Lua's own errors find the names of functions there. */
function pushLoaded(state: LuaState): void {
  const { c, thread } = state;
  c.lua_createtable(thread, 0, 16);
  for (const name of ["_G", "coroutine", "math", "os", "string", "table", "utf8"]) {
    c.lua_getglobal(thread, state.name(name));
    c.lua_setfield(thread, -2, state.name(name));
  }
  c.lua_pushvalue(thread, -1);
  c.lua_setfield(thread, registryIndex, state.name("_LOADED"));
}

function installGlobals({ state, stack, print }: SandboxOptions): void {
  const show = (): number => {
    print(joinValues(state, stack));
    return 0;
  };
  for (const name of ["print", "warn"]) {
    state.pushFunction(show);
    setGlobal(state, name);
  }
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

/** A global table whose every other key is a function that says that it is not available. */
function installMissingTable(state: LuaState, name: string, missing: number, fill: () => void): void {
  const { c, thread } = state;
  c.lua_createtable(thread, 0, 8);
  fill();
  c.lua_createtable(thread, 0, 2);
  state.pushText(name);
  state.pushRegistered(missing, 1);
  c.lua_setfield(thread, -2, state.name("__index"));
  state.pushText("luakit");
  c.lua_setfield(thread, -2, state.name("__metatable"));
  c.lua_setmetatable(thread, -2);
  setGlobal(state, name);
}

/** `cpath` and `searchers` are data elsewhere, and scripts may look whether they are there. */
const absentData = ["package.cpath", "package.searchers", "package.loaders", "package.config"];

function pushMissing({ state, stack }: SandboxOptions, removed: number): number {
  const key = stack.type(stack.at(2)) === luaType.string ? stack.text(stack.at(2)) : undefined;
  const name = `${state.lossyText(upvalueIndex(2))}.${key}`;
  if (key === undefined || absentData.includes(name)) state.c.lua_pushnil(state.thread);
  else pushRemoved(state, removed, name);
  return 1;
}

function pushRemoved(state: LuaState, removed: number, name: string): void {
  state.pushText(name);
  state.pushRegistered(removed, 1);
}

function refuseRemoved({ state }: SandboxOptions): never {
  throw new LuakitError("script.sandbox", `${state.lossyText(upvalueIndex(2))} is not available in build scripts`);
}

/** Makes the value on top a global. */
export function setGlobal(state: LuaState, name: string): void {
  state.c.lua_setglobal(state.thread, state.name(name));
}

/** Sets `table.name` to what `push` pushes. */
export function setMember(state: LuaState, table: string, name: string, push: () => void): void {
  const { c, thread } = state;
  if (table === "") {
    push();
    c.lua_setglobal(thread, state.name(name));
    return;
  }
  c.lua_getglobal(thread, state.name(table));
  push();
  c.lua_setfield(thread, -2, state.name(name));
  c.lua_settop(thread, -2);
}

/** Runs `before` ahead of each call of one of Lua's own C functions, which must not have upvalues: it gets ours. */
export function intercept(state: LuaState, table: string, name: string, before: RawFunction | (() => void)): void {
  const { c, thread } = state;
  if (table === "") c.lua_getglobal(thread, state.name(name));
  else {
    c.lua_getglobal(thread, state.name(table));
    c.lua_getfield(thread, -1, state.name(name));
  }
  const original = c.__indirect_function_table.get(c.lua_tocfunction(thread, -1));
  c.lua_settop(thread, 0);
  setMember(state, table, name, () =>
    state.pushFunction(() => {
      before();
      return original(state.thread);
    }),
  );
}
