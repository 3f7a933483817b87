import { luaLayout } from "./layout.ts";
import type { LuaState } from "./state.ts";

// Lua says that all calls of a chain over several lines are on the line where the chain begins. The instruction that
// looks a method up has its own line, and this finds it.
const opSelf = 20;
const opJump = 56;
const opCall = 68;
const opTailCall = 69;
const opExtraArgument = 82;
/** In the line table: the line is in the table of absolute lines. */
const absolute = -128;
/** The most instructions that are between two lines in that table. */
const mostBetween = 128;

/**
 * The line that a frame of a Lua function runs: that of the method's name when it calls a method, otherwise that of the
 * instruction, or of the function where lines were stripped.
 */
export function lineOfCall(state: LuaState, callInfo: number, proto: number): number {
  const { ints } = state;
  const code = ints[(proto + luaLayout.protoCode) >> 2] ?? 0;
  const running = ((ints[(callInfo + luaLayout.frameSavedPc) >> 2] ?? 0) - code) / 4 - 1;
  const lookup = methodLookup(ints, code, running);
  return lineOf(state, proto, lookup ?? running) ?? ints[(proto + luaLayout.protoLineDefined) >> 2] ?? 0;
}

/** The instruction that put the called method into its register. */
function methodLookup(ints: Int32Array, code: number, call: number): number | undefined {
  const instruction = (at: number) => ints[(code >> 2) + at] ?? 0;
  const operation = (at: number) => instruction(at) & 0x7f;
  const register = (at: number) => (instruction(at) >> 7) & 0xff;
  if (operation(call) !== opCall && operation(call) !== opTailCall) return undefined;
  for (let at = call - 1; at >= 0; at--) {
    // These two have no register.
    if (operation(at) === opJump || operation(at) === opExtraArgument || register(at) !== register(call)) continue;
    return operation(at) === opSelf ? at : undefined;
  }
  return undefined;
}

/** As Lua's own luaG_getfuncline: from the nearest absolute line before, by the differences after it. */
function lineOf({ ints, bytes }: LuaState, proto: number, instruction: number): number | undefined {
  const read = (place: number) => ints[place >> 2] ?? 0;
  if (instruction >= read(proto + luaLayout.protoLineInfoSize)) return undefined;
  let [at, line] = [-1, read(proto + luaLayout.protoLineDefined)];
  const table = read(proto + luaLayout.protoAbsolute);
  const size = read(proto + luaLayout.protoAbsoluteSize);
  let entry = Math.min(Math.floor(instruction / mostBetween), size) - 1;
  while (entry + 1 < size && read(table + (entry + 1) * 8) <= instruction) entry++;
  if (entry >= 0) [at, line] = [read(table + entry * 8), read(table + entry * 8 + 4)];
  for (at++; at <= instruction; at++) {
    const difference = ((bytes[read(proto + luaLayout.protoLineInfo) + at] ?? 0) << 24) >> 24;
    if (difference === absolute) return undefined;
    line += difference;
  }
  return line;
}
