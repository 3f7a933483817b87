import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import type { LintContext } from "./context.ts";
import { type Ignored, isIgnored, readIgnored } from "./ignore-comments.ts";
import { maskSecrets } from "./mask.ts";
import type { Mark, Problem, Rule, Severity } from "./rule.ts";
import { rules, scriptWarning, unknownRule } from "./rules.ts";

/** What a rule found, as people are told. Secrets are masked, in the script's lines too. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly problem: LuakitError;
}

/** Which rules are checked. */
export interface RuleChoice {
  /** Rules that are left out. */
  readonly ignored?: ReadonlySet<string> | undefined;
  /** Optional rules that are checked too. */
  readonly enabled?: ReadonlySet<string> | undefined;
}

/** Checks all rules; comments of the script's files switch off what they name. What was found is in no order. */
export function checkRules(context: LintContext, choice: RuleChoice): readonly Finding[] {
  const names = new Set(rules.map(({ id }) => id));
  const files = new Map(context.texts.map(({ file }) => [file.name, readIgnored(file, names)]));
  const found = rules
    .filter((rule) => isChosen(rule, choice))
    .flatMap((rule) => problemsOf(rule, context, files).map((problem) => ({ rule, problem })))
    .filter(({ rule, problem: { at } }) => at === undefined || !isOff(files.get(at.source.name), rule.id, at));
  const mask = maskSecrets(found.flatMap(({ problem }) => problem.secret ?? []));
  const told = new Map<string, Finding>();
  for (const { rule, problem } of found) {
    const key = `${rule.id}:${problem.at?.source.name}:${problem.at?.line}:${problem.message}`;
    if (told.has(key)) continue;
    told.set(key, { rule: rule.id, severity: rule.severity, problem: toError(problem, mask) });
  }
  return [...told.values()];
}

function isChosen({ id, isOptional }: Rule, { ignored, enabled }: RuleChoice): boolean {
  if (ignored?.has(id)) return false;
  return isOptional !== true || enabled?.has(id) === true;
}

function isOff(ignored: Ignored | undefined, rule: string, at: Mark): boolean {
  return ignored !== undefined && isIgnored(ignored, rule, at.line);
}

function problemsOf(rule: Rule, context: LintContext, files: ReadonlyMap<string, Ignored>): readonly Problem[] {
  if (rule === unknownRule) return [...files.values()].flatMap(({ problems }) => problems);
  if (rule !== scriptWarning) return [...rule.check(context)];
  return context.evaluation.warnings.map(({ message, location }) => ({ message, at: location }));
}

function toError({ message, hint, at }: Problem, mask: (text: string) => string): LuakitError {
  const callers: Position[] = [];
  for (let caller = at?.caller; caller !== undefined; caller = caller.caller) callers.push(positionOf(caller, mask));
  const position = at && positionOf(at, mask);
  return new LuakitError("script.lint", mask(message), { hint: hint && mask(hint), position, callers });
}

function positionOf({ source, line, column, endColumn }: Mark, mask: (text: string) => string): Position {
  const place = { file: source.name, line, source: mask(source.data) };
  if (column === undefined) return place;
  return endColumn === undefined ? { ...place, column } : { ...place, column, endColumn };
}
