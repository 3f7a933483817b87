import { oneLine, stripControls } from "../progress/harmless.ts";
import { type ErrorData, fromErrorData } from "./message.ts";
import { differenceLines, type FormatError, plainReport } from "./report-lines.ts";
import { titleOf } from "./run-tests.ts";
import type { FileResult, SuiteResult } from "./suite-result.ts";

/** Version 13 of the Test Anything Protocol. */
export function tapReport({ files }: SuiteResult, format: FormatError): string {
  const lines: string[] = [];
  let number = 0;
  const add = (isOk: boolean, name: string, note = "") => {
    number++;
    lines.push(
      `${isOk ? "ok" : "not ok"} ${number} - ${oneLine(name).replaceAll("#", "\\#")}${oneLine(note) && ` ${oneLine(note)}`}`,
    );
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
  return lines.flatMap((line) => line.split("\n")).map((line) => `# ${stripControls(line)}`);
}
