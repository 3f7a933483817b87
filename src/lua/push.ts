import { BoundFunction } from "./bound-function.ts";
import { Handle, type HandleType } from "./handle.ts";
import type { LuaStack } from "./lua-stack.ts";
import { type LuaState, registryIndex } from "./state.ts";

/** What pushing needs to know. */
export interface Pushing {
  readonly state: LuaState;
  readonly stack: LuaStack;
  /** A handle type's metatable, as its place in memory. */
  readonly metatableOf: (type: HandleType<unknown>) => number;
}

/**
 * Pushes a value of ours: undefined and null as nil, arrays, maps and plain objects as tables. Within tables null is
 * `json.null`, because nil would leave a hole.
 */
export function pushValue(to: Pushing, value: unknown): void {
  if (value === null) to.state.c.lua_pushnil(to.state.thread);
  else pushInner(to, value);
}

function pushInner(to: Pushing, value: unknown): void {
  const { c, thread } = to.state;
  if (value === undefined) c.lua_pushnil(thread);
  else if (value === null) c.lua_pushlightuserdata(thread, 0);
  else if (typeof value === "string") to.state.pushText(value);
  else if (typeof value === "boolean") c.lua_pushboolean(thread, value ? 1 : 0);
  else if (typeof value === "bigint") c.lua_pushinteger(thread, BigInt.asIntN(64, value));
  else if (typeof value === "number") pushNumber(to, value);
  else if (typeof value === "object") pushObject(to, value);
  else throw new Error(`a ${typeof value} cannot be given to a script`);
}

function pushNumber(to: Pushing, value: number): void {
  const { c, thread } = to.state;
  if (Number.isSafeInteger(value)) c.lua_pushinteger(thread, BigInt(value));
  else c.lua_pushnumber(thread, value);
}

function pushObject(to: Pushing, value: object): void {
  if (value instanceof Handle) pushHandle(to, value.type, value.value);
  else if (value instanceof BoundFunction) value.push();
  else if (value instanceof Uint8Array) to.state.pushBytes(value);
  else if (Array.isArray(value)) pushArray(to, value);
  else pushEntries(to, value instanceof Map ? [...value] : Object.entries(value));
}

/** Pushes a value as an opaque handle. */
export function pushHandle(to: Pushing, type: HandleType<unknown>, value: unknown): void {
  to.stack.pushHandle(type, value, to.metatableOf(type));
}

function pushArray(to: Pushing, values: readonly unknown[]): void {
  const { c, thread } = to.state;
  c.luaL_checkstack(thread, 4, 0);
  c.lua_createtable(thread, values.length, 0);
  for (const [index, value] of values.entries()) {
    pushInner(to, value);
    c.lua_rawseti(thread, -2, BigInt(index + 1));
  }
}

function pushEntries(to: Pushing, entries: readonly (readonly [unknown, unknown])[]): void {
  const { c, thread } = to.state;
  c.luaL_checkstack(thread, 4, 0);
  c.lua_createtable(thread, 0, entries.length);
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    to.state.pushText(String(key));
    pushInner(to, value);
    c.lua_rawset(thread, -3);
  }
}

/** Pushes what the registry holds under a key. */
export function pushKept(state: LuaState, reference: bigint): void {
  state.c.lua_rawgeti(state.thread, registryIndex, reference);
}
