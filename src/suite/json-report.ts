import { escapeJsonControls } from "../graph/escape.ts";
import type { ErrorData } from "./message.ts";
import type { FileTests, SuiteResult } from "./suite-result.ts";

/** Goes up when a reader of the present form would be misled. */
const schemaVersion = 1;

/** The result for programs, as docs/test.md describes it. */
export function jsonReport({ files, milliseconds, unfinished }: SuiteResult): string {
  const document = {
    version: schemaVersion,
    milliseconds: Math.round(milliseconds),
    files: files.map((file) => ({
      file: file.name,
      milliseconds: Math.round(file.milliseconds),
      error: file.error && errorJson(file.error),
      tests: file.tests.map(({ path, line, outcome, milliseconds: time, failures, reason, printed }) => ({
        name: path,
        line,
        outcome,
        milliseconds: Math.round(time),
        reason,
        failures: failures.length === 0 ? undefined : failures.map(errorJson),
        output: printed.length === 0 ? undefined : printed,
      })),
      snapshots: file.snapshots,
    })),
    unfinished: unfinished.length === 0 ? undefined : unfinished,
  };
  return `${escapeJsonControls(JSON.stringify(document, null, 2))}\n`;
}

/** The tests that files have, in the same form. */
export function jsonList(lists: readonly FileTests[]): string {
  const document = {
    version: schemaVersion,
    files: lists.map(({ name: file, tests, error }) => ({
      file,
      error: error && errorJson(error),
      tests: tests.map(({ path, line }) => ({ name: path, line })),
    })),
  };
  return `${escapeJsonControls(JSON.stringify(document, null, 2))}\n`;
}

function errorJson({ code, message, position, callers, hint, difference }: ErrorData): object {
  return {
    code,
    message,
    file: position?.file,
    line: position?.line,
    hint,
    callers: callers.length === 0 ? undefined : callers.map(({ file, line }) => ({ file, line })),
    difference: difference?.map(({ sign, text }) => `${sign} ${text}`),
  };
}
