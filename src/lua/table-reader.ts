import { luaType } from "./kind.ts";
import { luaLayout } from "./layout.ts";
import type { LuaState } from "./state.ts";

const emptyTag = luaType.nil;
const integerTag = luaType.number;

/**
 * Tables as they are in Lua's memory. Metatables play no part. The code is cold when most scripts end, so it makes few
 * calls.
 */
export class TableReader {
  private readonly state: LuaState;
  /** Keys are in no slots of their own: this is the last visited one's value, and its tag. */
  keyLow = 0;
  private keyHigh = 0;
  keyTag = 0;
  private readonly slot: number;

  /** `slot` is a free one for keys. */
  constructor(state: LuaState, slot: number) {
    this.state = state;
    this.slot = slot;
  }

  /** The slot of a copy of the last visited key. */
  keySlot(): number {
    const { slot } = this;
    const { ints, bytes } = this.state;
    ints[slot >> 2] = this.keyLow;
    ints[(slot + 4) >> 2] = this.keyHigh;
    bytes[slot + luaLayout.slotTag] = this.keyTag;
    return slot;
  }

  /** Visits entries in the order of `next`. */
  eachEntry(table: number, visit: (value: number) => void): void {
    const { state } = this;
    this.eachItem(table, visit);
    // Visits may call into Lua, and memory moves when it grows.
    let { ints, bytes } = state;
    let node = ints[(table + luaLayout.tableNodes) >> 2] ?? 0;
    const end = node + (luaLayout.nodeBytes << (bytes[table + luaLayout.tableNodeBits] ?? 0));
    for (; node < end; node += luaLayout.nodeBytes) {
      if (((bytes[node + luaLayout.slotTag] ?? 0) & luaLayout.tagType) === emptyTag) continue;
      this.keyLow = ints[(node + luaLayout.nodeKey) >> 2] ?? 0;
      this.keyHigh = ints[(node + luaLayout.nodeKey + 4) >> 2] ?? 0;
      this.keyTag = bytes[node + luaLayout.nodeKeyTag] ?? 0;
      visit(node);
      ints = state.ints;
      bytes = state.bytes;
    }
  }

  private eachItem(table: number, visit: (value: number) => void): void {
    const size = this.arraySize(table);
    if (size === 0) return;
    const { state } = this;
    const array = state.ints[(table + luaLayout.tableArray) >> 2] ?? 0;
    for (let item = 0; item < size; item++) {
      const slot = array + item * luaLayout.slotBytes;
      if (((state.bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType) === emptyTag) continue;
      this.keyLow = item + 1;
      this.keyHigh = 0;
      this.keyTag = integerTag;
      visit(slot);
    }
  }

  /** Whether there is an item 1. */
  hasFirst(table: number): boolean {
    const { ints, bytes } = this.state;
    if (this.arraySize(table) > 0) {
      const first = ints[(table + luaLayout.tableArray) >> 2] ?? 0;
      return ((bytes[first + luaLayout.slotTag] ?? 0) & luaLayout.tagType) !== emptyTag;
    }
    let node = ints[(table + luaLayout.tableNodes) >> 2] ?? 0;
    const end = node + (luaLayout.nodeBytes << (bytes[table + luaLayout.tableNodeBits] ?? 0));
    for (; node < end; node += luaLayout.nodeBytes) {
      if (bytes[node + luaLayout.nodeKeyTag] !== integerTag) continue;
      const key = (node + luaLayout.nodeKey) >> 2;
      if (ints[key] !== 1 || ints[key + 1] !== 0) continue;
      return ((bytes[node + luaLayout.slotTag] ?? 0) & luaLayout.tagType) !== emptyTag;
    }
    return false;
  }

  isEmpty(table: number): boolean {
    const { ints, bytes } = this.state;
    let node = ints[(table + luaLayout.tableNodes) >> 2] ?? 0;
    const end = node + (luaLayout.nodeBytes << (bytes[table + luaLayout.tableNodeBits] ?? 0));
    for (; node < end; node += luaLayout.nodeBytes) {
      if (((bytes[node + luaLayout.slotTag] ?? 0) & luaLayout.tagType) !== emptyTag) return false;
    }
    let slot = ints[(table + luaLayout.tableArray) >> 2] ?? 0;
    for (let left = this.arraySize(table); left > 0; left--, slot += luaLayout.slotBytes) {
      if (((bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType) !== emptyTag) return false;
    }
    return true;
  }

  /** As Lua's own luaH_realasize: where the limit is a hint, the array goes up to the next power of two. */
  private arraySize(table: number): number {
    const limit = this.state.ints[(table + luaLayout.tableLimit) >> 2] ?? 0;
    if (limit === 0 || ((this.state.bytes[table + luaLayout.tableFlags] ?? 0) & luaLayout.tableLimitIsHint) === 0) {
      return limit;
    }
    return (limit & (limit - 1)) === 0 ? limit : 2 ** (32 - Math.clz32(limit));
  }
}
