import type { Finding, RuleChoice } from "../../src/lint/check-rules.ts";
import { compileLua } from "../../src/lua/glue.ts";
import type { EvaluateOptions } from "../../src/script/evaluate.ts";
import { lintScript } from "../../src/script/lint.ts";
import { evaluateOptions } from "../script/evaluate-options.ts";

const module = await compileLua();

/** What `lintFindings` may be told beside the script. */
export type LintFoundOptions = Partial<EvaluateOptions> & RuleChoice;

/** The findings in a script, which must be one that builds; without a result of its own it exports nothing. */
export function lintFindings(script: string, options: LintFoundOptions = {}): readonly Finding[] {
  const { ignored, enabled, ...more } = options;
  const result = /\bbk\.(?:export|target)\(/.test(script) ? "" : "\nbk.export(bk.scratch())";
  const { findings, error } = lintScript(evaluateOptions(script + result, { module, ...more }), { ignored, enabled });
  if (error !== undefined) throw error;
  return findings;
}

/** The rules that find something, in the order of what they find. */
export function lintFound(script: string, options?: LintFoundOptions): readonly string[] {
  return lintFindings(script, options).map(({ rule }) => rule);
}
