import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import type { Platform } from "../oci/platform.ts";
import { evaluate } from "../script/evaluate.ts";
import { evaluatePlatforms } from "../script/evaluate-platforms.ts";
import { solveTargets } from "../script/solve.ts";
import type { FrontendOptions } from "./frontend-options.ts";
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
  const evaluated = await evaluatePlatforms([], platform, (targetPlatform) =>
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
      ...scriptLimits(options.buildArguments),
      module,
      log: () => undefined,
    }),
  );
  return solveTargets(gateway, evaluated.targets, {
    index: false,
    noCache: false,
    entitlements: undefined,
    resolve: true,
    resolveMode: "default",
    labels: options.labels,
  });
}
