import { openLines } from "../diagnostic/excerpt.ts";
import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { urlOf } from "../lint/rule.ts";
import { printJson } from "./print-json.ts";
import { markOf } from "./report.ts";
import type { Verdict } from "./verdict.ts";

/** What `--format json` prints. Lines and columns are 1-based; `endColumn` is behind the last character. */
export function formatLintJson(verdicts: readonly Verdict[]): string {
  const linesOf = openLines();
  const scripts = verdicts.map(({ script, error, findings }) => ({
    script,
    valid: error === undefined,
    errors: error === undefined ? [] : [toJson(error)],
    warnings: findings.map(({ rule, severity, problem }) => ({
      rule,
      severity,
      url: urlOf(rule),
      ...toJson(problem),
      ...markOf(problem, linesOf),
    })),
  }));
  return printJson({ version: 1, scripts });
}

function toJson({ code, message, position, hint, callers }: LuakitError): object {
  const calls = callers.map(({ file, line }) => ({ file, line }));
  return { code, message, file: position?.file, line: position?.line, column: position?.column, hint, callers: calls };
}
