import type { Gateway } from "../gateway/gateway.ts";
import type { Platform } from "../oci/platform.ts";
import type { EvaluateOptions } from "../script/evaluate.ts";
import type { FrontendOptions } from "./frontend-options.ts";
import type { FoundScript } from "./read-script.ts";
import { scriptLimits } from "./script-limits.ts";
import type { ScriptLog } from "./script-log.ts";

/** All that a frontend knows of a script that it is to run. */
export interface ScriptBuild {
  readonly gateway: Gateway;
  readonly options: FrontendOptions;
  readonly script: FoundScript;
  /** Where the daemon runs steps. */
  readonly platform: Platform;
  readonly lua: Promise<WebAssembly.Module>;
  readonly log: ScriptLog;
}

/** Runs the script for a platform: `run` builds, or only asks. What the script printed is shown then. */
export async function runScriptFor<T>(
  build: ScriptBuild,
  targetPlatform: Platform,
  run: (options: EvaluateOptions) => T,
  foresee?: (value: T) => void,
): Promise<T> {
  const { options, script, platform } = build;
  const module = await build.lua;
  const lines: string[] = [];
  const common = {
    buildArguments: options.buildArguments,
    hostVariable: () => undefined,
    hostHas: () => false,
    targetPlatform,
    buildPlatform: platform,
    target: options.target,
    noCacheTargets: options.noCacheTargets,
    ...scriptLimits(options.buildArguments),
    module,
  };
  try {
    return await script.sources.run(
      (line) => lines.push(line),
      (given) => run({ ...given, ...common }),
      foresee,
    );
  } finally {
    await build.log.show(lines);
  }
}
