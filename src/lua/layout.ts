/**
 * Where Lua 5.4 keeps things on wasm32, in bytes from the start of each structure. Reading them takes no call into
 * WebAssembly, and every step that a script makes asks for its place and reads its arguments. The tests of `trace.ts`
 * and `lua-stack.ts` prove them.
 */
export const luaLayout = {
  /** lua_State: the slot after the last value, and the running frame. */
  threadTop: 12,
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
  /** TValue, which a slot of the stack and an item of a table's array are: the value, then its tag. */
  slotBytes: 16,
  slotTag: 8,
  /** The part of a tag that `lua_type` gives, and the bit that tells `true`, a float and a long string apart. */
  tagType: 0x0f,
  tagVariant: 0x10,
  /** TString. */
  stringShortSize: 7,
  stringLongSize: 12,
  stringText: 16,
  /** Udata, without user values. */
  userdataMetatable: 12,
  userdataBlock: 16,
  /** CClosure: its first upvalue. */
  cClosureUpvalues: 16,
  /** Table. */
  tableFlags: 6,
  tableNodeBits: 7,
  tableLimit: 8,
  tableArray: 12,
  tableNodes: 16,
  tableMetatable: 24,
  /** A bit of `tableFlags`: the limit is not the size of the array. */
  tableLimitIsHint: 0x80,
  /** Node: begins as the TValue of its value. */
  nodeBytes: 24,
  nodeKeyTag: 9,
  nodeKey: 16,
} as const;
