import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { evaluate } from "../script/evaluate.ts";
import { evaluatePlatforms } from "../script/evaluate-platforms.ts";
import { type SolveTarget, solveTargets } from "../script/solve.ts";
import type { FrontendOptions } from "./frontend-options.ts";
import { refuseOption } from "./option-value.ts";
import type { FoundScript } from "./read-script.ts";
import { scriptLimits } from "./script-limits.ts";

export interface ScriptBuild {
  readonly options: FrontendOptions;
  readonly script: FoundScript;
  /** Where the daemon runs steps. */
  readonly platform: Platform;
  readonly lua: Promise<WebAssembly.Module>;
}

/** Evaluates the script and gives what it exports to the daemon to build. */
export async function buildScript(gateway: Gateway, build: ScriptBuild): Promise<GatewayResult> {
  const { options, script, platform } = build;
  const module = await build.lua;
  const evaluated = await evaluatePlatforms(options.platforms, platform, (targetPlatform) =>
    evaluate({
      script: script.file,
      path: script.file.name,
      modules: { find: () => ({ tried: [] }) },
      ignorePatterns: () => [],
      buildArguments: options.buildArguments,
      hostVariable: () => undefined,
      hostHas: () => false,
      targetPlatform,
      buildPlatform: platform,
      target: options.target,
      noCacheTargets: options.noCacheTargets,
      ...scriptLimits(options.buildArguments),
      module,
      log: () => undefined,
    }),
  );
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
