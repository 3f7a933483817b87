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
  /** Whether a table has an item 1. */
  isList(index: number): boolean;
  isEmpty(index: number): boolean;
  /** Tells tables apart while they are alive. */
  identity(index: number): number;
  /** A string that is likely to come again, such as an option's name; undefined when it is no string of UTF-8. */
  key(index: number): string | undefined;
  /** Visits entries: the key is at `keyIndex`, its value at `keyIndex + 1`. */
  eachEntry(index: number, visit: (keyIndex: number) => void): void;
  top(): number;
  setTop(top: number): void;
}
