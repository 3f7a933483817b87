import type { LuaFunction } from "./callback.ts";
import type { Handle } from "./handle.ts";

/** What kinds may ask of the values that a script passes. All indexes are absolute. */
export interface Stack {
  /** A Lua type tag; -1 beyond the last value. */
  type(index: number): number;
  /** `nil`, `table`, `State`: what errors call the value. */
  describe(index: number): string;
  /** A short rendering of the value itself: `3`, `"x"`, `a table`. */
  show(index: number): string;
  /** A string as text; undefined when it is not valid UTF-8. */
  text(index: number): string | undefined;
  bytes(index: number): Uint8Array;
  number(index: number): number;
  integerOrFloat(index: number): number | bigint;
  boolean(index: number): boolean;
  handle(index: number): Handle | undefined;
  callback(index: number): LuaFunction;
  /** The border of a table, without metamethods. */
  length(index: number): number;
  /** The number of entries of a table. */
  count(index: number): number;
  isEmpty(index: number): boolean;
  /** A shown key of the table which is not one of 1..length. */
  strayKey(index: number, length: number): string | undefined;
  /** Tells tables apart while they are alive. */
  identity(index: number): number;
  /** A string key of an options table; undefined when it is no string. */
  key(index: number): string | undefined;
  /** Visits entries: the key is at `keyIndex`, its value at `keyIndex + 1`. */
  eachEntry(index: number, visit: (keyIndex: number) => void): void;
  pushItem(index: number, position: number): void;
  top(): number;
  setTop(top: number): void;
  pop(count: number): void;
}
