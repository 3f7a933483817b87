import { describe, expect, test } from "bun:test";
import { Limit } from "../../src/lua/limit.ts";
import { LuaStack } from "../../src/lua/lua-stack.ts";
import { LuaState, registryIndex } from "../../src/lua/state.ts";

/** A Lua state without the API: what is read from memory is compared with what Lua's own functions say. */
function open(): { readonly state: LuaState; readonly stack: LuaStack } {
  const limit = new Limit({ memory: 512 << 20, time: 30_000 }, undefined);
  limit.enter();
  const state = new LuaState({
    module: undefined,
    limit,
    now: Date.now,
    halt: (halt) => halt,
    pushError: (error) => {
      throw error;
    },
    starving: () => undefined,
  });
  const stack = new LuaStack(state, limit, () => {
    throw new Error("no callbacks here");
  });
  return { state, stack };
}

/** Leaves the values of a Lua expression list on the stack. */
function evaluate(state: LuaState, source: string): void {
  const { c, thread } = state;
  const bytes = new TextEncoder().encode(source);
  const pointer = c.malloc(bytes.length);
  state.bytes.set(bytes, pointer);
  expect(c.luaL_loadbufferx(thread, pointer, bytes.length, state.name("test"), 0)).toBe(0);
  expect(c.lua_pcallk(thread, 0, -1, 0, 0, 0)).toBe(0);
}

const values = `
  nil, false, true, 0, 1, -1, 2^31, 2^31 | 0, -(2^31 | 0), 2^32 | 0, (2^53 | 0), (2^53 | 0) + 1, -(2^53 | 0) - 1,
  math.maxinteger, math.mininteger, 0x123456789abcdef, 0.0, -0.0, 1.5, -2.25, 1e300, 5e-324, 1/0, -1/0, 3.0,
  "", "a", "ünïcode", "\\0\\1\\255", ("x"):rep(39), ("x"):rep(40), ("x"):rep(41), ("é"):rep(20), ("é"):rep(21),
  ("x"):rep(255), ("x"):rep(256), ("x"):rep(70000), "\\xff\\xfe", "\\u{fffd}", ("y"):rep(1030), ("\\xff"):rep(1030),
  {}, {1}, print, function() end, coroutine.create(print)`;

test("values in memory are what Lua says", () => {
  const { state, stack } = open();
  const { c, thread } = state;
  c.luaL_checkstack(thread, 200, 0);
  evaluate(state, `return ${values}`);
  c.lua_pushlightuserdata(thread, 0);
  c.lua_pushlightuserdata(thread, 4711);
  c.lua_newuserdatauv(thread, 4, 0);
  const top = c.lua_gettop(thread);
  expect(stack.top()).toBe(top);
  for (let index = 1; index <= top; index++) {
    const slot = stack.at(index);
    expect(stack.at(index - top - 1)).toBe(slot);
    const type = c.lua_type(thread, index);
    expect([index, stack.type(slot)]).toEqual([index, type]);
    if (type === 1) expect(stack.boolean(slot)).toBe(c.lua_toboolean(thread, index) !== 0);
    if (type === 3) expect(stack.number(slot)).toBe(c.lua_tonumberx(thread, index, 0));
    if (type === 3) expect(stack.integerOrFloat(slot)).toEqual(exactNumber(state, index));
    if (type === 4) expectString(state, stack, index);
    if (type >= 5 && type !== 7) expect(stack.identity(slot)).toBe(c.lua_topointer(thread, index));
  }
  expect(stack.type(stack.at(top + 1))).toBe(0);
});

function exactNumber({ c, thread }: LuaState, index: number): number | bigint {
  const value = c.lua_tonumberx(thread, index, 0);
  if (c.lua_isinteger(thread, index) === 0 || Number.isSafeInteger(value)) return value;
  return c.lua_tointegerx(thread, index, 0);
}

function expectString(state: LuaState, stack: LuaStack, index: number): void {
  const { pointer, size } = state.stringAt(index);
  const bytes = state.bytes.slice(pointer, pointer + size);
  const slot = stack.at(index);
  expect(stack.bytes(slot)).toEqual(bytes);
  let text: string | undefined;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    text = undefined;
  }
  expect(stack.text(slot)).toBe(text);
}

test("a userdata's place is in its block", () => {
  const { state, stack } = open();
  const { c, thread } = state;
  const pointer = c.lua_newuserdatauv(thread, 4, 0);
  expect(c.lua_touserdata(thread, -1)).toBe(pointer);
  state.ints[pointer >> 2] = 0;
  c.lua_pushvalue(thread, -1);
  expect(stack.handle(stack.at(-1))).toBeUndefined();
  c.lua_createtable(thread, 0, 0);
  const metatable = c.lua_topointer(thread, -1);
  c.luaL_ref(thread, registryIndex);
  const type = { name: "T", doc: "", toText: () => "", of: () => never(), valueOf: () => undefined };
  stack.pushHandle(type, "value", metatable);
  expect(stack.handle(stack.at(-1))?.value).toBe("value");
  expect(c.lua_type(thread, -1)).toBe(7);
  expect(c.lua_getmetatable(thread, -1)).toBe(1);
  expect(c.lua_topointer(thread, -1)).toBe(metatable);
});

function never(): never {
  throw new Error("not called");
}

test("a value anywhere in memory can be kept", () => {
  const { state, stack } = open();
  const { c, thread } = state;
  evaluate(state, 'return {"item", key = 7}');
  const kept: number[] = [];
  stack.eachEntry(stack.at(1), (value) => kept.push(state.keepSlot(stack.keySlot()), state.keepSlot(value)));
  for (const reference of kept) c.lua_rawgeti(thread, registryIndex, BigInt(reference));
  expect([2, 3, 4, 5].map((index) => stack.show(stack.at(index)))).toEqual(["1", '"item"', '"key"', "7"]);
});

const tables: Readonly<Record<string, string>> = {
  empty: "{}",
  emptied: "(function() local t = {1, 2, x = 1} t[1], t[2], t.x = nil return t end)()",
  list: "{1, 2, 3}",
  holes: "{1, nil, 3, nil, nil, 6}",
  "no first": "{nil, 2}",
  hash: "{a = 1, b = true, [false] = 'x', [1.5] = 'float', [-1] = 'negative', [2^53 | 0] = 'large'}",
  both: "{1, 2, a = 3, b = 4, [10] = 5}",
  "first in the hash": "{[1] = 'one', x = 2}",
  "first was in the hash": "(function() local t = {[1] = 1, x = 2} t[1] = nil return t end)()",
  "keys of all types": "{[print] = 1, [coroutine.create(print)] = 2, [{}] = 3, [('k'):rep(99)] = 4, [true] = 5}",
  removed:
    "(function() local t = {} for i = 1, 50 do t['k' .. i] = i end for i = 1, 50, 3 do t['k' .. i] = nil end return t end)()",
  collected:
    "(function() local t = {} for i = 1, 50 do t['key' .. i] = {} end for i = 1, 49 do t['key' .. i] = nil end collectgarbage() return t end)()",
  inserted: "(function() local t = {} for i = 1, 37 do table.insert(t, i) end return t end)()",
  "inserted in front": "(function() local t = {} for i = 1, 37 do table.insert(t, 1, i) end return t end)()",
  "removed from the end":
    "(function() local t = {} for i = 1, 100 do t[i] = i end for i = 1, 60 do table.remove(t) end return t end)()",
  "measured after removing":
    "(function() local t = {} for i = 1, 64 do t[i] = i end for i = 64, 20, -1 do t[i] = nil local n = #t end return t end)()",
  "grown after measuring":
    "(function() local t = {} for i = 1, 100 do t[i] = i end for i = 100, 71, -1 do t[i] = nil end local n = #t t[99] = 'late' t[72] = 1 return t end)()",
  "filled backwards": "(function() local t = {} for i = 20, 1, -1 do t[i] = i end return t end)()",
  large: "(function() local t = {} for i = 1, 3000 do t[i] = i t['k' .. i] = i end return t end)()",
  metatable: "setmetatable({1, x = 2}, {__index = {y = 1}, __pairs = error, __len = error})",
  packed: "table.pack(1, nil, 3)",
  constructor: "{table.unpack({}, 1, 5)}",
};

describe("tables in memory are what lua_next says", () => {
  for (const [name, source] of Object.entries(tables)) {
    test(name, () => {
      const { state, stack } = open();
      const { c, thread } = state;
      evaluate(state, `local t = ${source} return t`);
      const slot = stack.at(1);
      const found: unknown[] = [];
      stack.eachEntry(slot, (value) => found.push([identify(stack, stack.keySlot()), identify(stack, value)]));
      const expected: unknown[] = [];
      c.lua_pushnil(thread);
      while (c.lua_next(thread, 1) !== 0) {
        expected.push([identify(stack, stack.at(2)), identify(stack, stack.at(3))]);
        c.lua_settop(thread, 2);
      }
      expect(found).toEqual(expected);
      expect(stack.isEmpty(slot)).toBe(expected.length === 0);
      expect(stack.isList(slot)).toBe(c.lua_rawgeti(thread, 1, 1n) !== 0);
    });
  }
});

test("some of the tables have an array that is larger than its limit", () => {
  const { state, stack } = open();
  const hinted = Object.values(tables).filter((source) => {
    evaluate(state, `local t = ${source} return t`);
    const flags = state.bytes[stack.identity(stack.at(-1)) + 6] ?? 0;
    return (flags & 0x80) !== 0;
  });
  expect(hinted.length).toBeGreaterThan(0);
});

test.each([
  ["{}", undefined],
  ["setmetatable({}, {})", undefined],
  ["setmetatable({1}, {__len = print, [1] = 2})", undefined],
  ["setmetatable({}, {__index = false})", "false"],
  ["setmetatable({}, {1, 2, 3, __len = print, __index = 'here'})", '"here"'],
  ["setmetatable({}, {__index = {}})", "a table"],
])("the __index of %s is %p", (source, expected) => {
  const { state, stack } = open();
  evaluate(state, `local t = ${source} return t`);
  const slot = stack.indexSlot(stack.at(1));
  expect(slot === 0 ? undefined : stack.show(slot)).toBe(expected);
});

function identify(stack: LuaStack, slot: number): unknown {
  const type = stack.type(slot);
  return type <= 4 ? stack.show(slot) : [type, stack.identity(slot)];
}

test("memory that grows while a table is visited is read on", () => {
  const { state, stack } = open();
  evaluate(state, "local t = {} for i = 1, 20 do t[i] = i t['k' .. i] = i end return t");
  let count = 0;
  stack.eachEntry(stack.at(1), (value) => {
    if (count++ % 10 === 5) state.c.malloc(8 << 20);
    expect(stack.number(value)).toBeGreaterThan(0);
  });
  expect(count).toBe(40);
});
