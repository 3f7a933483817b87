import type { ErrorData, Outcome, SnapshotCount, TestName } from "./message.ts";

/** One test that is over. */
export interface TestResult {
  readonly path: readonly string[];
  readonly line: number | undefined;
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly failures: readonly ErrorData[];
  readonly reason?: string | undefined;
  readonly printed: readonly string[];
}

/** One test file that is over. */
export interface FileResult {
  readonly name: string;
  readonly tests: readonly TestResult[];
  /** Why the file itself failed. */
  readonly error?: ErrorData | undefined;
  /** What it printed outside of tests. */
  readonly printed: readonly string[];
  readonly milliseconds: number;
  readonly snapshots: SnapshotCount;
}

/** What a run came to. */
export interface SuiteResult {
  /** In the order of their names on the command line. */
  readonly files: readonly FileResult[];
  readonly milliseconds: number;
  /** Files that were not run, or not to their end, after a failure or an interrupt. */
  readonly unfinished: readonly string[];
}

/** The tests that files have, for `--list`. */
export interface FileTests {
  readonly name: string;
  readonly tests: readonly TestName[];
  readonly error?: ErrorData | undefined;
}

export function isFailed({ tests, error }: FileResult): boolean {
  return error !== undefined || tests.some(({ outcome }) => outcome === "failed");
}

export const noSnapshots: SnapshotCount = { added: 0, updated: 0, removed: 0, obsolete: [] };
