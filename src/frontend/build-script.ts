import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { formatPlatform } from "../oci/platform.ts";
import { foreseeReferences } from "../script/daemon-images.ts";
import { evaluate } from "../script/evaluate.ts";
import { type EvaluatedPlatforms, evaluatePlatforms } from "../script/evaluate-platforms.ts";
import { likelyImages } from "../script/likely-images.ts";
import { foreseeImages, type SolveTarget, solveTargets } from "../script/solve.ts";
import { checkWarnings } from "./check-option.ts";
import type { FrontendOptions } from "./frontend-options.ts";
import { refuseOption } from "./option-value.ts";
import { passedContexts } from "./passed-contexts.ts";
import { runScriptFor, type ScriptBuild } from "./run-script.ts";
import { sendWarnings } from "./script-warnings.ts";

/** Evaluates the script and gives what it exports to the daemon to build. */
export async function buildScript(build: ScriptBuild): Promise<GatewayResult> {
  const { gateway, options, script } = build;
  foreseeBases(build);
  const evaluated = await evaluateBuild(build);
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
    namedContexts: passedContexts(gateway, options.contexts),
    caches: options.cacheImports,
    epoch: options.epoch,
  });
}

/** The daemon looks for images while the script runs. A client that puts others in their place has the last word. */
function foreseeBases({ gateway, options, script, platform }: ScriptBuild): void {
  const [wanted = platform, ...others] = options.platforms;
  if (others.length > 0 || script.sources.hasNamedContexts) return;
  foreseeReferences(gateway, likelyImages(script.file.data), wanted, options.resolveMode);
}

/** What a script that fails had warned of may tell why. */
async function evaluateBuild(build: ScriptBuild): Promise<EvaluatedPlatforms> {
  const { gateway, options, script, platform } = build;
  let before: readonly LuakitError[] = [];
  const failed = (warnings: readonly LuakitError[]) => {
    before = warnings;
  };
  try {
    return await evaluatePlatforms(options.platforms, platform, (targetPlatform) =>
      runScriptFor(
        build,
        targetPlatform,
        (given) => evaluate({ ...given, failed }),
        ({ targets }) => foreseeImages(gateway, targets, targetPlatform, options.resolveMode),
      ),
    );
  } catch (error) {
    await sendWarnings(gateway, script, checkWarnings(options.buildArguments, before).warnings);
    throw error;
  }
}

function checkIndex({ index }: FrontendOptions, targets: readonly SolveTarget[]): void {
  if (index !== false || targets.length < 2) return;
  const names = targets.map(({ platform }) => formatPlatform(platform)).join(", ");
  throw refuseOption("multi-platform", `it is false, and the script exports ${names}`);
}
