import { luaType } from "./kind.ts";
import { luaLayout } from "./layout.ts";
import type { LuaState } from "./state.ts";

const emptyTag = luaType.nil;
const integerTag = luaType.number;

/**
 * Tables as they are in Lua's memory. What a metatable adds is not in them. The code is cold when most scripts end, so it makes few
 * calls.
 */
export class TableReader {
  private readonly state: LuaState;
  /** Keys are in no slots of their own: this is the last visited one's value, and its tag. */
  keyLow = 0;
  private keyHigh = 0;
  keyTag = 0;
  /** The slot of the last visited value. */
  value = 0;
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

  /**
   * Visits the entry after the one at `place`, from 0 on, in the order of `next`, and gives its place; 0 after the last.
   * What is in it is in `value` and the fields for keys.
   */
  nextEntry(table: number, place: number): number {
    const { ints, bytes } = this.state;
    const size = this.arraySize(table);
    let at = place;
    let slot = (ints[(table + luaLayout.tableArray) >> 2] ?? 0) + at * luaLayout.slotBytes;
    for (; at < size; at++, slot += luaLayout.slotBytes) {
      if (((bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType) === emptyTag) continue;
      this.keyLow = at + 1;
      this.keyHigh = 0;
      this.keyTag = integerTag;
      this.value = slot;
      return at + 1;
    }
    const count = size + (1 << (bytes[table + luaLayout.tableNodeBits] ?? 0));
    let node = (ints[(table + luaLayout.tableNodes) >> 2] ?? 0) + (at - size) * luaLayout.nodeBytes;
    for (; at < count; at++, node += luaLayout.nodeBytes) {
      if (((bytes[node + luaLayout.slotTag] ?? 0) & luaLayout.tagType) === emptyTag) continue;
      this.keyLow = ints[(node + luaLayout.nodeKey) >> 2] ?? 0;
      this.keyHigh = ints[(node + luaLayout.nodeKey + 4) >> 2] ?? 0;
      this.keyTag = bytes[node + luaLayout.nodeKeyTag] ?? 0;
      this.value = node;
      return at + 1;
    }
    return 0;
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
