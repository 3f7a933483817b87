import { type LinesOf, openLines } from "../diagnostic/excerpt.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Severity, urlOf } from "../lint/rule.ts";
import { rules } from "../lint/rules.ts";
import { luakitVersion } from "./luakit-version.ts";
import { printJson } from "./print-json.ts";
import { markOf } from "./report.ts";
import { errorsOf, pathOf, type Verdict } from "./verdict.ts";

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** A SARIF 2.1.0 log of one run. Errors that end a build are results of rules with the names of their codes. */
export function formatLintSarif(verdicts: readonly Verdict[]): string {
  const codes = [...new Set(verdicts.flatMap(({ error }) => error?.code ?? []))];
  const known = [
    ...rules.map(({ id, severity, summary }) => describeRule(id, severity, summary, urlOf(id))),
    ...codes.map((code) => describeRule(code, "error", "the script cannot be built")),
  ];
  const driver = {
    name: "luakit",
    version: luakitVersion(),
    informationUri: "https://github.com/luakit-build/luakit",
    rules: known,
  };
  const linesOf = openLines();
  const results = verdicts.flatMap((verdict) => [
    ...verdict.findings.map(({ rule, severity, problem }) =>
      describeResult({ ruleId: rule, severity, problem }, verdict, linesOf),
    ),
    ...errorsOf(verdict).map((error) =>
      describeResult({ ruleId: error.code, severity: "error", problem: error }, verdict, linesOf),
    ),
  ]);
  const indexed = results.map((result) => ({
    ...result,
    ruleIndex: known.findIndex(({ id }) => id === result.ruleId),
  }));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results: indexed }],
  };
  return printJson(log);
}

function describeRule(id: string, severity: Severity, summary: string, helpUri?: string) {
  return { id, shortDescription: { text: summary }, helpUri, defaultConfiguration: { level: levels[severity] } };
}

interface Result {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly problem: LuakitError;
}

function describeResult({ ruleId, severity, problem }: Result, verdict: Verdict, linesOf: LinesOf) {
  const { message, hint, position } = problem;
  const { column: startColumn, endColumn } = markOf(problem, linesOf);
  const uri = pathOf(verdict, position?.file).split("/").map(encodeURIComponent).join("/");
  const region = { startLine: position?.line ?? 1, startColumn, endColumn };
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return {
    ruleId,
    level: levels[severity],
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}
