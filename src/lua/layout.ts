/**
 * Where Lua 5.4 keeps things on wasm32, in bytes from the start of each structure. Reading them takes no call into
 * WebAssembly, and every step that a script makes asks for its place. The tests of `trace.ts` prove them.
 */
export const luaLayout = {
  /** lua_State: the running frame. */
  threadFrame: 20,
  /** CallInfo. */
  frameFunction: 0,
  framePrevious: 8,
  frameSavedPc: 16,
  frameStatus: 34,
  /** A bit of `frameStatus`: the frame is that of a C function. */
  frameIsC: 2,
  /** LClosure. */
  closureProto: 12,
  /** Proto. */
  protoLineInfoSize: 24,
  protoAbsoluteSize: 36,
  protoLineDefined: 40,
  protoCode: 52,
  protoLineInfo: 64,
  protoAbsolute: 68,
  protoSource: 76,
} as const;
