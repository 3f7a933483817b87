import type { LuaFunction } from "./callback.ts";
import type { Handle } from "./handle.ts";

/**
 * What kinds may ask of the values that a script passes. A `slot` is a value's place in Lua's memory; it stays good
 * while nothing calls into Lua. A value that was left out has the slot of a nil.
 */
export interface Stack {
  /** A Lua type tag. */
  type(slot: number): number;
  /** `nil`, `table`, `State`: what errors call the value. */
  describe(slot: number): string;
  /** A short rendering of the value itself: `3`, `"x"`, `a table`. */
  show(slot: number): string;
  /** A string as text; undefined when it is not valid UTF-8. */
  text(slot: number): string | undefined;
  bytes(slot: number): Uint8Array;
  number(slot: number): number;
  integerOrFloat(slot: number): number | bigint;
  boolean(slot: number): boolean;
  handle(slot: number): Handle | undefined;
  callback(slot: number): LuaFunction;
  /** Whether a table has an item 1. */
  isList(slot: number): boolean;
  isEmpty(slot: number): boolean;
  /** The slot of the `__index` in a table's metatable; 0 when there is none. */
  indexSlot(slot: number): number;
  /** Tells tables apart while they are alive. */
  identity(slot: number): number;
  /** Visits entries in the order of `next`. `keyText` and `keySlot` tell the key until another table is visited. */
  eachEntry(slot: number, visit: (value: number) => void): void;
  /** The key as text that is likely to come again, as names are; undefined when it is no string of UTF-8. */
  /**
   * The entry after the one at `place`, from 0 on, in the same order; 0 after the last. Its value is at `entrySlot`
   * until another table is visited.
   */
  nextEntry(slot: number, place: number): number;
  readonly entrySlot: number;
  keyText(): string | undefined;
  keySlot(): number;
  /** Counts values that stay on our side, against the script's memory. */
  chargeItems(count: number): void;
  /** Counts one part of a value whose parts may be the same tables over and over; throws when time is up. */
  chargePart(items: number): void;
  /** Runs `body`, of which nothing stays. */
  borrow<T>(body: () => T): T;
  top(): number;
  setTop(top: number): void;
}
