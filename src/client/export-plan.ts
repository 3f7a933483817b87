import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import { type DaemonTraits, isOlder } from "./daemon-traits.ts";
import { planEngineExports } from "./engine-exports.ts";
import type { Output } from "./output.ts";
import { isImage } from "./outputs.ts";
import { type ExportPlan, type LoadForm, planLoad } from "./planned-export.ts";

/** The exporters that this daemon has for a build's outputs. Throws "usage" for what it cannot do. */
export function planExports(build: BuildRequest, daemon: DaemonTraits, loadAs: LoadForm): ExportPlan {
  checkAge(build, daemon);
  const plan =
    daemon.kind === "docker" ? planEngineExports(build, daemon, loadAs) : planBuildkit(build, daemon, loadAs);
  if (plan.exports.length < 2 || !isOlder(daemon, 0, 13)) return plan;
  throw tooOld(daemon, "writes one output in a build", "0.13", "build again for the other outputs");
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

/** What a daemon too old would pass over without a word. */
function checkAge(build: BuildRequest, daemon: DaemonTraits): void {
  const deletes = build.outputs.some(
    ({ destination }) => destination.kind === "directory" && destination.mode === "delete",
  );
  if (deletes && isOlder(daemon, 0, 31)) {
    throw tooOld(
      daemon,
      "does not know mode=delete",
      "0.31",
      "leave out mode=delete, and empty the directory yourself",
    );
  }
  const provenance = build.attestations.get("provenance") ?? "";
  if (/\bversion=v1/.test(provenance) && isOlder(daemon, 0, 24)) {
    throw tooOld(daemon, "does not know provenance version=v1", "0.24", "leave out version=");
  }
  if (/\bcomplete-materials=/.test(provenance) && isOlder(daemon, 0, 31)) {
    throw tooOld(daemon, "does not know complete-materials", "0.31", "leave it out");
  }
  if (build.attestations.size > 0 && isOlder(daemon, 0, 11)) {
    throw tooOld(daemon, "does not make attestations", "0.11", "leave out --sbom, --provenance and --attest");
  }
  if (build.entitlements.some((name) => name.startsWith("device")) && isOlder(daemon, 0, 20)) {
    throw tooOld(daemon, "does not know the entitlement device", "0.20", "leave out --allow device");
  }
  const annotated = build.outputs.some((each) => isImage(each) && [...each.attributes.keys()].some(isAnnotation));
  if (annotated && isOlder(daemon, 0, 11)) throw tooOld(daemon, "does not write annotations", "0.11", "leave them out");
}

function isAnnotation(key: string): boolean {
  return key.startsWith("annotation");
}

function tooOld({ version }: DaemonTraits, what: string, since: string, instead: string): LuakitError {
  return new LuakitError("usage", `the daemon (BuildKit v${version?.join(".")}) ${what}`, {
    hint: `BuildKit v${since} or newer does; or ${instead}`,
  });
}
