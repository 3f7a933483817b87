import type { ErrorData, Report, SnapshotCount, TestName } from "./message.ts";
import { type FileResult, noSnapshots, type TestResult } from "./suite-result.ts";

/** Collects what workers say of one test file, from its first test to its last. */
export class FileRun {
  readonly name: string;
  #declared: readonly TestName[] = [];
  readonly #tests: TestResult[] = [];
  readonly #printed: string[] = [];
  #current: { readonly index: number; readonly started: number; readonly printed: string[] } | undefined;
  #error: ErrorData | undefined;
  #snapshots: SnapshotCount = noSnapshots;
  #started: number | undefined;
  #milliseconds = 0;

  constructor(name: string) {
    this.name = name;
  }

  get declared(): readonly TestName[] {
    return this.#declared;
  }

  get hasFailed(): boolean {
    return this.#error !== undefined || this.#tests.some(({ outcome }) => outcome === "failed");
  }

  /** The file, or the rest of it, is begun. */
  start(): void {
    this.#started ??= performance.now();
  }

  finish(): void {
    this.#milliseconds = performance.now() - (this.#started ?? performance.now());
  }

  hear(report: Report): void {
    switch (report.kind) {
      case "tests":
        this.#declared = report.tests;
        break;
      case "begin":
        this.#current = { index: report.index, started: performance.now(), printed: [] };
        break;
      case "end":
        this.#end(report);
        break;
      case "print":
        (this.#current?.printed ?? this.#printed).push(report.line);
        break;
      case "snapshots":
        this.#snapshots = addCounts(this.#snapshots, report.count);
        break;
      case "broken":
        this.#error = report.error;
        break;
    }
  }

  /** The test that runs, or the file, was ended. Gives where to go on; undefined: nowhere. */
  halt(error: ErrorData): number | undefined {
    if (this.#current === undefined) {
      this.#error = error;
      return undefined;
    }
    const { index, started } = this.#current;
    const milliseconds = performance.now() - started;
    this.#end({ index, outcome: "failed", milliseconds, failures: [this.#placed(error, index)] });
    return this.#declared.some((test) => test.index > index) ? index + 1 : undefined;
  }

  #end(
    ended: Pick<Extract<Report, { kind: "end" }>, "index" | "outcome" | "milliseconds" | "failures" | "reason">,
  ): void {
    const { index, ...result } = ended;
    const name = this.#declared.find((test) => test.index === index);
    const { outcome, milliseconds, failures, reason } = result;
    const printed = this.#current?.printed ?? [];
    this.#tests.push({ path: name?.path ?? [], line: name?.line, outcome, milliseconds, failures, reason, printed });
    this.#current = undefined;
  }

  /** Nothing knows the line of what had to be ended from outside, but that of its test. */
  #placed(error: ErrorData, index: number): ErrorData {
    const line = this.#declared.find((test) => test.index === index)?.line;
    return error.position !== undefined || line === undefined
      ? error
      : { ...error, position: { file: this.name, line } };
  }

  get result(): FileResult {
    return {
      name: this.name,
      tests: this.#tests,
      error: this.#error,
      printed: this.#printed,
      milliseconds: this.#milliseconds,
      snapshots: this.#snapshots,
    };
  }
}

function addCounts(left: SnapshotCount, right: SnapshotCount): SnapshotCount {
  return {
    added: left.added + right.added,
    updated: left.updated + right.updated,
    removed: left.removed + right.removed,
    obsolete: [...left.obsolete, ...right.obsolete],
  };
}
