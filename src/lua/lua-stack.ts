import type { LuaFunction } from "./callback.ts";
import { Handle, type HandleType } from "./handle.ts";
import { luaType } from "./kind.ts";
import { luaLayout } from "./layout.ts";
import type { Limit } from "./limit.ts";
import type { Stack } from "./stack.ts";
import type { LuaState } from "./state.ts";
import { TableReader } from "./table-reader.ts";

/** Lua interns short strings: while one is kept alive its place in memory tells it from all others. */
const internedKeys = 4096;
/** Strings shorter than this are not worth counting. */
const countedBytes = 256;

/** Values of the running thread, read from Lua's memory without calls into it. */
export class LuaStack implements Stack {
  private readonly state: LuaState;
  private readonly limit: Limit;
  private readonly handles: Handle[] = [];
  private readonly tables: TableReader;
  private readonly absent: number;
  private readonly keys = new Map<number, string>();
  private readonly makeCallback: (reference: number) => LuaFunction;

  constructor(state: LuaState, limit: Limit, makeCallback: (reference: number) => LuaFunction) {
    this.state = state;
    this.limit = limit;
    this.makeCallback = makeCallback;
    const slots = state.c.malloc(2 * luaLayout.slotBytes);
    state.bytes.fill(0, slots, slots + 2 * luaLayout.slotBytes);
    this.absent = slots;
    this.tables = new TableReader(state, slots + luaLayout.slotBytes);
  }

  /** The slot of a function's argument (from 1) or of a value counted from the top (from -1). */
  at(index: number): number {
    const { ints, thread } = this.state;
    const top = ints[(thread + luaLayout.threadTop) >> 2] ?? 0;
    if (index < 0) return top + index * luaLayout.slotBytes;
    const frame = ints[(thread + luaLayout.threadFrame) >> 2] ?? 0;
    const slot = (ints[(frame + luaLayout.frameFunction) >> 2] ?? 0) + index * luaLayout.slotBytes;
    return slot < top ? slot : this.absent;
  }

  type(slot: number): number {
    return (this.state.bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType;
  }

  describe(slot: number): string {
    switch (this.type(slot)) {
      case luaType.nil:
        return "nil";
      case luaType.boolean:
        return "boolean";
      case luaType.number:
        return "number";
      case luaType.string:
        return "string";
      case luaType.table:
        return "table";
      case luaType.function:
        return "function";
      case luaType.thread:
        return "coroutine";
      case luaType.lightUserdata:
        return "json.null";
      default:
        return this.handle(slot)?.type.name ?? "userdata";
    }
  }

  show(slot: number): string {
    const type = this.type(slot);
    if (type === luaType.string) return shorten(this.text(slot));
    if (type === luaType.number) return String(this.integerOrFloat(slot));
    if (type === luaType.boolean) return String(this.boolean(slot));
    return `a ${this.describe(slot)}`;
  }

  /** Whether it is `true`, a float or a long string. */
  private isVariant(slot: number): boolean {
    return ((this.state.bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagVariant) !== 0;
  }

  private read(place: number): number {
    return this.state.ints[place >> 2] ?? 0;
  }

  private sizeOf(slot: number): number {
    const string = this.read(slot);
    if (this.isVariant(slot)) return this.read(string + luaLayout.stringLongSize);
    return this.state.bytes[string + luaLayout.stringShortSize] ?? 0;
  }

  text(slot: number): string | undefined {
    const { ints, bytes } = this.state;
    const string = ints[slot >> 2] ?? 0;
    const isLong = ((bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagVariant) !== 0;
    const size = isLong ? this.sizeOf(slot) : (bytes[string + luaLayout.stringShortSize] ?? 0);
    if (size > countedBytes) this.limit.chargeText(size);
    return this.state.decode(string + luaLayout.stringText, size);
  }

  bytes(slot: number): Uint8Array {
    const size = this.sizeOf(slot);
    if (size > countedBytes) this.limit.chargeText(size);
    const pointer = this.read(slot) + luaLayout.stringText;
    return this.state.bytes.slice(pointer, pointer + size);
  }

  number(slot: number): number {
    if (this.isVariant(slot)) return new Float64Array(this.state.ints.buffer, slot, 1)[0] ?? 0;
    return this.read(slot + 4) * 2 ** 32 + (this.read(slot) >>> 0);
  }

  integerOrFloat(slot: number): number | bigint {
    const value = this.number(slot);
    if (Number.isSafeInteger(value) || this.isVariant(slot)) return value;
    return (BigInt(this.read(slot + 4)) << 32n) | BigInt(this.read(slot) >>> 0);
  }

  boolean(slot: number): boolean {
    return this.isVariant(slot);
  }

  handle(slot: number): Handle | undefined {
    const { bytes, ints } = this.state;
    if (((bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType) !== luaType.userdata) return undefined;
    return this.handles[ints[((ints[slot >> 2] ?? 0) + luaLayout.userdataBlock) >> 2] ?? -1];
  }

  /**
   * Pushes a value as an opaque userdata. Its metatable is kept for good and has no finalizer, so that Lua's garbage
   * collector need not be told.
   */
  pushHandle(type: HandleType<unknown>, value: unknown, metatable: number): void {
    const { state } = this;
    this.limit.chargeHandle();
    const place = this.handles.push(new Handle(type, value)) - 1;
    const block = state.c.lua_newuserdatauv(state.thread, 4, 0);
    state.ints[block >> 2] = place;
    state.ints[(block - luaLayout.userdataBlock + luaLayout.userdataMetatable) >> 2] = metatable;
  }

  callback(slot: number): LuaFunction {
    this.limit.chargeHandle();
    return this.makeCallback(this.state.keepSlot(slot));
  }

  isList(slot: number): boolean {
    return this.tables.hasFirst(this.read(slot));
  }

  isEmpty(slot: number): boolean {
    return this.tables.isEmpty(this.read(slot));
  }

  indexSlot(slot: number): number {
    // A metatable's pointer is read as the slot of a table is: its first bytes are where the table is.
    const metatable = (this.state.ints[slot >> 2] ?? 0) + luaLayout.tableMetatable;
    if (this.state.ints[metatable >> 2] === 0) return 0;
    for (let place = this.nextEntry(metatable, 0); place !== 0; place = this.nextEntry(metatable, place)) {
      if (this.keyText() === "__index") return this.entrySlot;
    }
    return 0;
  }

  identity(slot: number): number {
    return this.read(slot);
  }

  keyText(): string | undefined {
    if ((this.tables.keyTag & luaLayout.tagType) !== luaType.string) return undefined;
    const pointer = this.tables.keyLow;
    const known = this.keys.get(pointer);
    if (known !== undefined) return known;
    const slot = this.tables.keySlot();
    const text = this.text(slot);
    if (text === undefined || this.isVariant(slot) || this.keys.size >= internedKeys) return text;
    this.state.keepSlot(slot);
    this.keys.set(pointer, text);
    return text;
  }

  keySlot(): number {
    return this.tables.keySlot();
  }

  nextEntry(slot: number, place: number): number {
    return this.tables.nextEntry(this.state.ints[slot >> 2] ?? 0, place);
  }

  get entrySlot(): number {
    return this.tables.value;
  }

  eachEntry(slot: number, visit: (value: number) => void): void {
    const table = this.state.ints[slot >> 2] ?? 0;
    const { tables } = this;
    for (let place = tables.nextEntry(table, 0); place !== 0; place = tables.nextEntry(table, place)) {
      visit(tables.value);
    }
  }

  chargeItems(count: number): void {
    this.limit.chargeItems(count);
  }

  chargePart(items: number): void {
    this.limit.chargePart(items);
  }

  borrow<T>(body: () => T): T {
    return this.limit.borrow(body);
  }

  /** How many values the running function has. */
  top(): number {
    const { ints, thread } = this.state;
    const frame = ints[(thread + luaLayout.threadFrame) >> 2] ?? 0;
    const base = (ints[(frame + luaLayout.frameFunction) >> 2] ?? 0) + luaLayout.slotBytes;
    return ((ints[(thread + luaLayout.threadTop) >> 2] ?? 0) - base) / luaLayout.slotBytes;
  }

  setTop(top: number): void {
    this.state.c.lua_settop(this.state.thread, top);
  }

  pop(count: number): void {
    this.state.c.lua_settop(this.state.thread, -count - 1);
  }
}

function shorten(text: string | undefined): string {
  if (text === undefined) return "binary data";
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
