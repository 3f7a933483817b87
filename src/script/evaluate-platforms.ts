import type { Target } from "../api/evaluation.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { Evaluated } from "./evaluate.ts";
import type { SolveTarget } from "./solve.ts";

/** What a script gave for each platform, and its remarks, each once. */
export interface EvaluatedPlatforms extends Pick<Evaluated, "warnings" | "hints"> {
  readonly targets: readonly SolveTarget[];
}

/**
 * Evaluates a script for several platforms, once for each unless it exports platforms of its own. Of those, `wanted`
 * chooses; without `wanted` the script is evaluated for `fallback`, and all that it exports counts.
 */
export async function evaluatePlatforms(
  wanted: readonly Platform[],
  fallback: Platform,
  evaluate: (platform: Platform) => Evaluated | Promise<Evaluated>,
): Promise<EvaluatedPlatforms> {
  const targets: SolveTarget[] = [];
  const warnings: LuakitError[] = [];
  const hints = new Set<string>();
  for (const platform of wanted.length === 0 ? [fallback] : wanted) {
    const evaluated = await evaluate(platform);
    for (const warning of evaluated.warnings)
      if (!warnings.some((known) => isSame(known, warning))) warnings.push(warning);
    for (const hint of evaluated.hints) hints.add(hint);
    targets.push(...chooseTargets(evaluated.targets, platform, wanted.length > 0));
  }
  return { targets, warnings, hints: [...hints] };
}

function chooseTargets(targets: readonly Target[], platform: Platform, asked: boolean): readonly SolveTarget[] {
  const all = targets.map((target) => ({ target, platform: target.platform ?? platform }));
  if (!asked) return all;
  const name = formatPlatform(platform);
  const fitting = all.filter((each) => formatPlatform(each.platform) === name);
  if (fitting.length > 0) return fitting;
  const names = all.map((each) => formatPlatform(each.platform));
  throw new LuakitError("script.export", `the script exports ${names.join(", ")}, and not ${name}`, {
    hint: `--platform ${names.join(",")}`,
  });
}

function isSame(left: LuakitError, right: LuakitError): boolean {
  return left.message === right.message && left.position?.line === right.position?.line;
}
