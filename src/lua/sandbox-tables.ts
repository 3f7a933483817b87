import { type LuaState, registryIndex } from "./state.ts";

/** Functions of Lua's own that ours stand in front of; those without a table are globals. */
export const guarded = [
  "string.find",
  "string.match",
  "string.gmatch",
  "string.gsub",
  "string.rep",
  "table.move",
  "table.insert",
  "table.remove",
  "table.concat",
  "table.unpack",
  "table.sort",
  "setmetatable",
  "load",
] as const;

/** Functions of ours that stand in for what the sandbox took away or changed. */
export const replaced = ["removed", "missing", "getenv", "clock", "show", "randomseed"] as const;

/** The functions that are registered first in every state, in their order. */
const first: readonly string[] = [...replaced, ...guarded];

type Own = (typeof replaced)[number] | (typeof guarded)[number];

/** Registers functions under the places that `fillSandbox` gave them. */
export function registerFirst(state: LuaState, functions: Readonly<Record<Own, () => number>>): void {
  for (const name of first) state.register(functions[name as Own]);
}

/**
 * Puts the sandbox's functions into the tables of a state that has Lua's libraries and nothing else. Executables carry
 * memory in which that is done.
 */
export function fillSandbox(state: LuaState): void {
  for (const name of ["dofile", "loadfile"]) {
    pushRemoved(state, name);
    setGlobal(state, name);
  }
  pushRemoved(state, "string.dump");
  setMember(state, "string.dump");
  fillOs(state);
  for (const name of ["io", "debug"]) setMissingTable(state, name, () => undefined);
  fillPackage(state);
  for (const name of ["print", "warn"]) {
    state.pushRegistered(placeOf("show"));
    setGlobal(state, name);
  }
  for (const name of guarded) guard(state, name);
  alias(state, "unpack", "table.unpack");
  alias(state, "loadstring", "load");
  keepSeed(state);
  state.c.lua_settop(state.thread, 0);
  state.forgetNames();
}

/** Makes the value on top a global. */
export function setGlobal(state: LuaState, name: string): void {
  state.c.lua_setglobal(state.thread, state.name(name));
}

/** Pushes a function that says that `name` is not available. */
export function pushRemoved(state: LuaState, name: string): void {
  state.pushText(name);
  state.pushRegistered(placeOf("removed"), 1);
}

function placeOf(name: Own): number {
  return first.indexOf(name);
}

/** Makes the value on top the member `table.name`. */
function setMember(state: LuaState, path: string): void {
  const { c, thread } = state;
  const [table = "", name = ""] = path.split(".");
  c.lua_getglobal(thread, state.name(table));
  c.lua_rotate(thread, -2, 1);
  c.lua_setfield(thread, -2, state.name(name));
  c.lua_settop(thread, -2);
}

/** Pushes a global, or a member of a global table. */
function pushMember(state: LuaState, path: string): void {
  const { c, thread } = state;
  const [table = "", name] = path.split(".");
  c.lua_getglobal(thread, state.name(table));
  if (name === undefined) return;
  c.lua_getfield(thread, -1, state.name(name));
  c.lua_rotate(thread, -2, 1);
  c.lua_settop(thread, -2);
}

function alias(state: LuaState, name: string, path: string): void {
  pushMember(state, path);
  setGlobal(state, name);
}

function fillOs(state: LuaState): void {
  const { c, thread } = state;
  setMissingTable(state, "os", () => {
    for (const name of ["date", "time"]) {
      pushMember(state, `os.${name}`);
      c.lua_setfield(thread, -2, state.name(name));
    }
    for (const name of ["getenv", "clock"] as const) {
      state.pushRegistered(placeOf(name));
      c.lua_setfield(thread, -2, state.name(name));
    }
  });
}

function fillPackage(state: LuaState): void {
  const { c, thread } = state;
  setMissingTable(state, "package", () => {
    state.pushText("./?.lua;./?/init.lua");
    c.lua_setfield(thread, -2, state.name("path"));
    c.lua_createtable(thread, 0, 0);
    c.lua_setfield(thread, -2, state.name("preload"));
    pushLoaded(state);
    c.lua_setfield(thread, -2, state.name("loaded"));
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

/** A global table whose every other key is a function that says that it is not available. */
function setMissingTable(state: LuaState, name: string, fill: () => void): void {
  const { c, thread } = state;
  c.lua_createtable(thread, 0, 8);
  fill();
  c.lua_createtable(thread, 0, 2);
  state.pushText(name);
  state.pushRegistered(placeOf("missing"), 1);
  c.lua_setfield(thread, -2, state.name("__index"));
  state.pushText("luakit");
  c.lua_setfield(thread, -2, state.name("__metatable"));
  c.lua_setmetatable(thread, -2);
  setGlobal(state, name);
}

/** Puts ours in front of one of Lua's own C functions, which must not have upvalues: its pointer becomes one of ours. */
function guard(state: LuaState, path: (typeof guarded)[number]): void {
  const { c, thread } = state;
  pushMember(state, path);
  const pointer = c.lua_tocfunction(thread, -1);
  c.lua_settop(thread, -2);
  c.lua_pushlightuserdata(thread, pointer);
  state.pushRegistered(placeOf(path), 1);
  if (path.includes(".")) setMember(state, path);
  else setGlobal(state, path);
}

/** `math.randomseed` keeps state in an upvalue, so it stays a function of its own, and becomes an upvalue of ours. */
function keepSeed(state: LuaState): void {
  pushMember(state, "math.randomseed");
  state.pushRegistered(placeOf("randomseed"), 1);
  setMember(state, "math.randomseed");
}
