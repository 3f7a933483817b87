import type { LuaState } from "./state.ts";

// Lua says that all calls of a chain over several lines are on the line where the chain begins. The instruction that
// looks a method up has its own line, and this finds it. Offsets are those of Lua 5.4's structures on wasm32, in bytes.
const debugCallInfo = 104;
const callInfoFunction = 0;
const callInfoSavedPc = 16;
const closureProto = 12;
const protoLineInfoSize = 24;
const protoAbsoluteSize = 36;
const protoLineDefined = 40;
const protoCode = 52;
const protoLineInfo = 64;
const protoAbsolute = 68;

const opSelf = 20;
const opJump = 56;
const opCall = 68;
const opTailCall = 69;
const opExtraArgument = 82;
/** In the line table: the line is in the table of absolute lines. */
const absolute = -128;

/**
 * The line of the method's name when the running instruction of the frame in `state.record` calls a method, otherwise
 * `line`, which Lua tells. The frame must be that of a Lua function.
 */
export function lineOfCall(state: LuaState, line: number): number {
  const { ints, record } = state;
  const read = (place: number) => ints[place >> 2] ?? 0;
  const callInfo = read(record + debugCallInfo);
  const proto = read(read(read(callInfo + callInfoFunction)) + closureProto);
  const code = read(proto + protoCode);
  const lookup = methodLookup(ints, code, (read(callInfo + callInfoSavedPc) - code) / 4 - 1);
  return lookup === undefined ? line : (lineOf(state, proto, lookup) ?? line);
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
  if (instruction >= read(proto + protoLineInfoSize)) return undefined;
  let [at, line] = [-1, read(proto + protoLineDefined)];
  for (let entry = read(proto + protoAbsoluteSize) - 1; entry >= 0; entry--) {
    const place = read(proto + protoAbsolute) + entry * 8;
    if (read(place) > instruction) continue;
    [at, line] = [read(place), read(place + 4)];
    break;
  }
  for (at++; at <= instruction; at++) {
    const difference = ((bytes[read(proto + protoLineInfo) + at] ?? 0) << 24) >> 24;
    if (difference === absolute) return undefined;
    line += difference;
  }
  return line;
}
