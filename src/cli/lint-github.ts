import { type LinesOf, openLines } from "../diagnostic/excerpt.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Severity } from "../lint/rule.ts";
import { stripControls } from "../progress/harmless.ts";
import { markOf } from "./report.ts";
import { errorsOf, pathOf, type Verdict } from "./verdict.ts";

const commands: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** Workflow commands of GitHub Actions: it shows each at its line of a pull request. */
export function formatLintGithub(verdicts: readonly Verdict[]): string {
  const linesOf = openLines();
  const lines = verdicts.flatMap((verdict) => [
    ...verdict.findings.map(({ rule, severity, problem }) =>
      annotate({ severity, title: rule, problem }, verdict, linesOf),
    ),
    ...errorsOf(verdict).map((error) =>
      annotate({ severity: "error", title: error.code, problem: error }, verdict, linesOf),
    ),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

interface Annotation {
  readonly severity: Severity;
  readonly title: string;
  readonly problem: LuakitError;
}

function annotate({ severity, title, problem }: Annotation, verdict: Verdict, linesOf: LinesOf): string {
  const { message, hint, position } = problem;
  const { column, endColumn } = markOf(problem, linesOf);
  const properties = {
    file: pathOf(verdict, position?.file),
    line: position?.line ?? 1,
    col: column,
    endColumn,
    title,
  };
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
  return `::${commands[severity]} ${given.join(",")}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return stripControls(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
