import type { ErrorCode } from "../diagnostic/code.ts";
import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { Difference, type DifferenceLine } from "./difference.ts";
import type { Answer, Question } from "./question.ts";

/** What all files of a run have in common. */
export interface SuiteSettings {
  /** Where `require` looks beside the test file's directory, and what scripts must be below. */
  readonly root: string;
  /** Milliseconds that a test may run. */
  readonly time: number;
  /** Write snapshots anew. */
  readonly update: boolean;
  /** Nothing is written that is missing, and `test.only` is refused. */
  readonly ci: boolean;
  /** Only tests whose name holds this; `*` stands for anything. */
  readonly filter?: string | undefined;
  /** A daemon can be asked: the platform that it builds for. */
  readonly solve?: { readonly platform: string } | undefined;
  /** Tell the tests and run none. */
  readonly list: boolean;
}

/** One test file, or what is left of it: tests before `from` are done. */
export interface FileJob {
  /** Absolute. */
  readonly path: string;
  /** As people know it. */
  readonly name: string;
  readonly from: number;
  readonly settings: SuiteSettings;
}

/** What a worker gets. */
export type Order =
  | { readonly kind: "file"; readonly job: FileJob }
  | { readonly kind: "answer"; readonly answer: Answer };

export interface TestName {
  readonly index: number;
  /** Its groups, then its own name. */
  readonly path: readonly string[];
  readonly line: number | undefined;
}

export type Outcome = "passed" | "failed" | "skipped";

export interface SnapshotCount {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** Names of snapshots that no test asks for. */
  readonly obsolete: readonly string[];
}

/** What a worker says. */
export type Report =
  | { readonly kind: "tests"; readonly tests: readonly TestName[] }
  | { readonly kind: "begin"; readonly index: number }
  | {
      readonly kind: "end";
      readonly index: number;
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly failures: readonly ErrorData[];
      /** Why it was skipped, when that is more than `test.skip`. */
      readonly reason?: string | undefined;
    }
  | { readonly kind: "print"; readonly line: string }
  | { readonly kind: "ask"; readonly question: Question }
  | { readonly kind: "snapshots"; readonly count: SnapshotCount }
  /** The file itself failed. */
  | { readonly kind: "broken"; readonly error: ErrorData }
  /** A limit ended the VM, and with it the test that ran. */
  | { readonly kind: "halted"; readonly error: ErrorData }
  /** The same, and the worker ends. */
  | { readonly kind: "gone"; readonly error: ErrorData }
  | { readonly kind: "done" };

/** A LuakitError on its way between processes. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly position?: Position | undefined;
  readonly callers: readonly Position[];
  readonly hint?: string | undefined;
  readonly difference?: readonly DifferenceLine[] | undefined;
}

export function toErrorData(error: LuakitError): ErrorData {
  const { code, message, position, callers, hint, cause } = error;
  return { code, message, position, callers, hint, difference: cause instanceof Difference ? cause.lines : undefined };
}

export function fromErrorData({ code, message, position, callers, hint, difference }: ErrorData): LuakitError {
  const cause = difference === undefined ? undefined : new Difference(difference);
  return new LuakitError(code, message, { position, callers, hint, cause });
}
