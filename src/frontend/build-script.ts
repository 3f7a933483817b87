import type { GatewayResult } from "../gateway/result.ts";
import { formatPlatform } from "../oci/platform.ts";
import { evaluate } from "../script/evaluate.ts";
import { evaluatePlatforms } from "../script/evaluate-platforms.ts";
import { type SolveTarget, solveTargets } from "../script/solve.ts";
import { checkWarnings } from "./check-option.ts";
import type { FrontendOptions } from "./frontend-options.ts";
import { refuseOption } from "./option-value.ts";
import { runScriptFor, type ScriptBuild } from "./run-script.ts";
import { sendWarnings } from "./script-warnings.ts";

/** Evaluates the script and gives what it exports to the daemon to build. */
export async function buildScript(build: ScriptBuild): Promise<GatewayResult> {
  const { gateway, options, script, platform } = build;
  const evaluated = await evaluatePlatforms(options.platforms, platform, (targetPlatform) =>
    runScriptFor(build, targetPlatform, evaluate),
  );
  const { warnings, error } = checkWarnings(options.buildArguments, evaluated.warnings);
  await sendWarnings(gateway, script, warnings);
  if (error !== undefined) throw error;
  checkIndex(options, evaluated.targets);
  return solveTargets(gateway, evaluated.targets, {
    index: options.index ?? false,
    noCache: options.noCache,
    entitlements: undefined,
    resolve: true,
    resolveMode: options.resolveMode,
    labels: options.labels,
    steps: options.steps,
    frontendOptions: options.passedOn,
    caches: options.cacheImports,
    epoch: options.epoch,
  });
}

function checkIndex({ index }: FrontendOptions, targets: readonly SolveTarget[]): void {
  if (index !== false || targets.length < 2) return;
  const names = targets.map(({ platform }) => formatPlatform(platform)).join(", ");
  throw refuseOption("multi-platform", `it is false, and the script exports ${names}`);
}
