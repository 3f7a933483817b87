/** What is compared: a column of the table each. `other` says in its cell what it is. */
export const columns = ["luakit", "buildctl", "buildx", "Go luakit", "other"] as const;

export type Column = (typeof columns)[number];

/** What one round of one contender took. */
export interface Sample {
  /** Seconds of wall clock, or bytes where the case is about bytes. */
  readonly value: number;
  /** Seconds of processor time. */
  readonly cpu?: number;
  /** Most bytes that were resident. */
  readonly memory?: number;
}

export interface Contender {
  readonly column: Column;
  /** What it is, in a column that does not say it. */
  readonly label?: string;
  /** Runs once; what has to be made before does not count. */
  sample(): Promise<Sample>;
}

/** One row: the same work by each contender. The first one is luakit. */
export interface Case {
  readonly part: string;
  readonly name: string;
  /** What is done, in a sentence without its full stop. */
  readonly about: string;
  readonly unit?: "seconds" | "bytes";
  readonly rounds: number;
  /** False where the first run is as good as any. */
  readonly hasWarmUp?: boolean;
  readonly contenders: readonly Contender[];
  /** Why a tool has no contender; default: it has no such command. */
  readonly lacking?: Readonly<Partial<Record<Column, string>>>;
}
