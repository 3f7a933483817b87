import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import { checkAge, checkOutputCount } from "./daemon-age.ts";
import type { DaemonTraits } from "./daemon-traits.ts";
import { planEngineExports } from "./engine-exports.ts";
import type { Output } from "./output.ts";
import { type ExportPlan, type LoadForm, planLoad } from "./planned-export.ts";

/** The exporters that this daemon has for a build's outputs. Throws "usage" for what it cannot do. */
export function planExports(build: BuildRequest, daemon: DaemonTraits, loadAs: LoadForm): ExportPlan {
  const plan =
    daemon.kind === "docker" ? planEngineExports(build, daemon, loadAs) : planBuildkit(build, daemon, loadAs);
  checkAge(build, daemon);
  checkOutputCount(plan.exports.length, daemon);
  return plan;
}

function planBuildkit(build: BuildRequest, daemon: DaemonTraits, loadAs: LoadForm): ExportPlan {
  const exports = build.outputs.map((output) =>
    output.destination.kind === "load" ? planLoad(build, output, loadAs) : output,
  );
  return { exports, warnings: keepWarnings(build, daemon) };
}

/** An image that is neither pushed nor written anywhere is gone with the daemon's cache. */
function keepWarnings({ outputs, cacheOnly }: BuildRequest, { imageStore }: DaemonTraits): string[] {
  const hint = "add --push, --load or --output";
  if (outputs.length === 0 && !cacheOnly) {
    return [`nothing is exported: the result stays in the daemon's cache; ${hint}`];
  }
  if (imageStore) return [];
  const lost = outputs.some((output) => output.type === "image" && !pushes(output));
  return lost ? [`this daemon keeps no images: the image stays in its cache; ${hint}`] : [];
}

export function pushes({ attributes }: Pick<Output, "attributes">): boolean {
  return parseBoolean(attributes.get("push") ?? "false") === true;
}
