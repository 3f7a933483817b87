import { type ErrorData, fromErrorData } from "./message.ts";
import { differenceLines, type FormatError, plainReport } from "./report-lines.ts";
import { titleOf } from "./run-tests.ts";
import type { FileResult, SuiteResult } from "./suite-result.ts";

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
  return `${JSON.stringify(document, null, 2)}\n`;
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

/** Version 13 of the Test Anything Protocol. */
export function tapReport({ files }: SuiteResult, format: FormatError): string {
  const lines: string[] = [];
  let number = 0;
  const add = (isOk: boolean, name: string, note = "") => {
    number++;
    lines.push(`${isOk ? "ok" : "not ok"} ${number} - ${name.replaceAll("#", "\\#").replaceAll("\n", " ")}${note}`);
  };
  for (const file of files) addFile(file, add, (error) => lines.push(...diagnostics(error, format)));
  return ["TAP version 13", `1..${number}`, ...lines, ""].join("\n");
}

function addFile(
  { name, tests, error }: FileResult,
  add: (isOk: boolean, name: string, note?: string) => void,
  explain: (error: ErrorData) => void,
): void {
  for (const { path, outcome, reason, failures } of tests) {
    add(
      outcome !== "failed",
      `${name} > ${titleOf(path)}`,
      outcome === "skipped" ? ` # SKIP ${reason ?? ""}`.trimEnd() : "",
    );
    for (const failure of failures) explain(failure);
  }
  if (error === undefined) return;
  add(false, name);
  explain(error);
}

function diagnostics(error: ErrorData, format: FormatError): string[] {
  const lines = [...format(fromErrorData(error), plainReport), ...differenceLines(error.difference ?? [], plainReport)];
  return lines.flatMap((line) => line.split("\n")).map((line) => `# ${line}`);
}
