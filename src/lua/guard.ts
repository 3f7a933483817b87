import { luaType } from "./kind.ts";
import type { Limit } from "./limit.ts";
import type { LuaStack } from "./lua-stack.ts";
import type { guarded } from "./sandbox-tables.ts";
import { type LuaState, upvalueIndex } from "./state.ts";

/** About 0.1 s of pattern matching. */
const matchSteps = 1e7;
/** Rounds of a C loop that are over in an instant. */
const loopRounds = 1e5;

/**
 * Lua's clock hook does not run within C functions and finalizers. Those that can take long arm the watchdog first;
 * what is left unguarded is over in milliseconds while memory is small, and memory that grows arms it as well.
 */
export function guardFunctions(
  state: LuaState,
  stack: LuaStack,
  limit: Limit,
): Readonly<Record<(typeof guarded)[number] | "randomseed", () => number>> {
  let budget = matchSteps;
  const guardMatch = (): void => {
    budget -= matchCost(state, stack);
    if (budget < 0) limit.arm();
  };
  const guardLoop = (rounds: number): void => {
    if (rounds > loopRounds) limit.arm();
  };
  const after = (before: () => void) => callOriginal(state, before);
  const match = () => after(guardMatch);
  const walk = (name: string) => after(() => guardLoop(tableRounds(state, stack, name)));
  return {
    "string.find": match(),
    "string.match": match(),
    "string.gmatch": match(),
    "string.gsub": match(),
    "string.rep": after(() => guardLoop(numberAt(state, 2))),
    "table.move": after(() => guardLoop(numberAt(state, 3) - numberAt(state, 2))),
    "table.insert": walk("insert"),
    "table.remove": walk("remove"),
    "table.concat": walk("concat"),
    "table.unpack": walk("unpack"),
    "table.sort": walk("sort"),
    setmetatable: after(() => {
      if (hasFinalizer(state, stack)) limit.arm();
    }),
    load: after(() => refuseBytecode(state, stack)),
    randomseed: () => seedAlike(state, stack),
  };
}

/** Runs `before`, then Lua's own function, whose pointer is the second upvalue. */
function callOriginal(state: LuaState, before: () => void): () => number {
  let original: ((thread: number) => number) | undefined;
  return () => {
    before();
    original ??= originalOf(state);
    return original(state.thread);
  };
}

function originalOf({ c, thread }: LuaState): (thread: number) => number {
  return c.__indirect_function_table.get(c.lua_touserdata(thread, upvalueIndex(2)));
}

/** `math.randomseed()` would seed from the clock. */
function seedAlike(state: LuaState, stack: LuaStack): number {
  const { c } = state;
  if (stack.top() === 0) c.lua_pushnumber(state.thread, 0);
  const count = stack.top();
  c.lua_pushvalue(state.thread, upvalueIndex(2));
  c.lua_rotate(state.thread, 1, 1);
  c.lua_callk(state.thread, count, 0, 0, 0);
  return 0;
}

/** The most steps that a match can take: from every start, every quantifier may try every length. */
function matchCost(state: LuaState, stack: LuaStack): number {
  if (stack.type(stack.at(1)) !== luaType.string || stack.type(stack.at(2)) !== luaType.string) return 0;
  const length = state.stringAt(1).size + 1;
  const { pointer, size } = state.stringAt(2);
  let cost = length;
  for (let at = pointer; at < pointer + size && cost < matchSteps; at++) {
    const escaped = state.bytes[at] === percent;
    if (escaped) at++;
    if ((escaped ? longEscapes : quantifiers).includes(state.bytes[at] ?? 0)) cost *= length;
  }
  return cost;
}

const codes = (letters: string): number[] => [...letters].map((letter) => letter.charCodeAt(0));
const percent = 37;
const quantifiers = codes("*+-?");
/** `%b()` and back references read on; all other escapes look at one byte. */
const longEscapes = codes("b0123456789");

/** A number, or text that Lua takes as one; otherwise 0. */
function numberAt(state: LuaState, index: number): number {
  return state.c.lua_tonumberx(state.thread, index, 0);
}

/** The items of a plain table; a metatable may claim any number. */
function tableRounds(state: LuaState, stack: LuaStack, name: string): number {
  const { c, thread } = state;
  if (stack.type(stack.at(1)) !== luaType.table) return 0;
  if (c.lua_getmetatable(thread, 1) !== 0) {
    stack.pop(1);
    return Number.POSITIVE_INFINITY;
  }
  return name === "sort" ? Number(c.lua_rawlen(thread, 1)) : 0;
}

function hasFinalizer(state: LuaState, stack: LuaStack): boolean {
  if (stack.type(stack.at(2)) !== luaType.table) return false;
  state.pushText("__gc");
  const type = state.c.lua_rawget(state.thread, 2);
  stack.pop(1);
  return type !== luaType.nil;
}

/** `load` reads text only, whatever mode the script asks for. */
function refuseBytecode(state: LuaState, stack: LuaStack): void {
  if (stack.top() < 3) stack.setTop(3);
  state.pushText("t");
  state.c.lua_copy(state.thread, -1, 3);
  stack.pop(1);
}
