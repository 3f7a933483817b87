import { luaType } from "./kind.ts";
import { luaLayout } from "./layout.ts";
import type { LuaState } from "./state.ts";

const emptyTag = luaType.nil;
const integerTag = luaType.number;

/** Tables as they are in Lua's memory. Metatables play no part. */
export class TableReader {
  private readonly state: LuaState;
  /** Where visitors find the key: keys are in no slots of their own. */
  private readonly keySlot: number;

  constructor(state: LuaState, keySlot: number) {
    this.state = state;
    this.keySlot = keySlot;
  }

  /** Visits entries in the order of `next`; the key's slot is good until the next visit. */
  eachEntry(table: number, visit: (key: number, value: number) => void): void {
    const { state, keySlot } = this;
    const size = this.arraySize(table);
    const array = this.read(table + luaLayout.tableArray);
    for (let item = 0; item < size; item++) {
      const slot = array + item * luaLayout.slotBytes;
      if (this.isEmptySlot(slot)) continue;
      this.setKey(item + 1, 0, integerTag);
      visit(keySlot, slot);
    }
    const end = this.nodesEnd(table);
    for (let node = this.read(table + luaLayout.tableNodes); node < end; node += luaLayout.nodeBytes) {
      if (this.isEmptySlot(node)) continue;
      const { ints, bytes } = state;
      const key = (node + luaLayout.nodeKey) >> 2;
      this.setKey(ints[key] ?? 0, ints[key + 1] ?? 0, bytes[node + luaLayout.nodeKeyTag] ?? 0);
      visit(keySlot, node);
    }
  }

  /** Whether there is an item 1. */
  hasFirst(table: number): boolean {
    if (this.arraySize(table) > 0) return !this.isEmptySlot(this.read(table + luaLayout.tableArray));
    const end = this.nodesEnd(table);
    for (let node = this.read(table + luaLayout.tableNodes); node < end; node += luaLayout.nodeBytes) {
      if (this.isFirst(node)) return !this.isEmptySlot(node);
    }
    return false;
  }

  private isFirst(node: number): boolean {
    if (this.state.bytes[node + luaLayout.nodeKeyTag] !== integerTag) return false;
    return this.read(node + luaLayout.nodeKey) === 1 && this.read(node + luaLayout.nodeKey + 4) === 0;
  }

  isEmpty(table: number): boolean {
    const size = this.arraySize(table);
    const array = this.read(table + luaLayout.tableArray);
    for (let item = 0; item < size; item++) if (!this.isEmptySlot(array + item * luaLayout.slotBytes)) return false;
    const end = this.nodesEnd(table);
    for (let node = this.read(table + luaLayout.tableNodes); node < end; node += luaLayout.nodeBytes) {
      if (!this.isEmptySlot(node)) return false;
    }
    return true;
  }

  private setKey(low: number, high: number, tag: number): void {
    const { state, keySlot } = this;
    state.ints[keySlot >> 2] = low;
    state.ints[(keySlot >> 2) + 1] = high;
    state.bytes[keySlot + luaLayout.slotTag] = tag;
  }

  private nodesEnd(table: number): number {
    const count = 1 << (this.state.bytes[table + luaLayout.tableNodeBits] ?? 0);
    return this.read(table + luaLayout.tableNodes) + count * luaLayout.nodeBytes;
  }

  /** As Lua's own luaH_realasize: where the limit is a hint, the array goes up to the next power of two. */
  private arraySize(table: number): number {
    const limit = this.read(table + luaLayout.tableLimit);
    const isHint = ((this.state.bytes[table + luaLayout.tableFlags] ?? 0) & luaLayout.tableLimitIsHint) !== 0;
    if (!isHint || (limit & (limit - 1)) === 0) return limit;
    return 2 ** (32 - Math.clz32(limit));
  }

  private isEmptySlot(slot: number): boolean {
    return ((this.state.bytes[slot + luaLayout.slotTag] ?? 0) & luaLayout.tagType) === emptyTag;
  }

  private read(place: number): number {
    return this.state.ints[place >> 2] ?? 0;
  }
}
