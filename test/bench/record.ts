import type { Column } from "./case.ts";
import type { Machine } from "./machine.ts";

/** The middle value, and those between which the middle half of the values lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Cell {
  readonly column: Column;
  readonly label?: string;
  /** Seconds or bytes. */
  readonly value: Spread;
  /** Median of seconds. */
  readonly cpu?: number;
  /** The highest of all rounds, in bytes. */
  readonly memory?: number;
  /** This one divided by luakit, round by round; luakit itself has none. */
  readonly ratio?: Spread;
}

/** One row as it was measured. */
export interface Row {
  readonly part: string;
  readonly name: string;
  readonly about: string;
  readonly unit: "seconds" | "bytes";
  readonly rounds: number;
  readonly cells: readonly Cell[];
  readonly lacking: Readonly<Partial<Record<Column, string>>>;
}

/** One run of the benchmarks: all that the page says. */
export interface BenchRecord {
  readonly command: string;
  readonly date: string;
  readonly minutes: number;
  readonly machine: Machine;
  /** Tool to version. */
  readonly tools: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly rows: readonly Row[];
}
