import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import { type DaemonTraits, isOlder } from "./daemon-traits.ts";
import type { Output } from "./output.ts";
import { isImage } from "./outputs.ts";

/** The minor version of BuildKit 0 that first reads an attribute of an output; earlier ones pass over it. */
const attributesSince: ReadonlyMap<string, number> = new Map([
  ["compression-level", 10],
  ["prefer-nondist-layers", 10],
  ["attestation-prefix", 11],
  ["source-date-epoch", 11],
  ["attestation-inline", 12],
  ["rewrite-timestamp", 13],
  ["oci-artifact", 19],
  ["danging-name-empty-only", 21],
  // From 0.12 on it was read, but of results of several platforms only.
  ["platform-split", 23],
]);

/** Throws "usage" for what a daemon too old would pass over without a word. */
export function checkAge(build: BuildRequest, daemon: DaemonTraits): void {
  for (const output of build.outputs) checkOutput(output, build, daemon);
  const provenance = build.attestations.get("provenance") ?? "";
  if (/\bversion=v1/.test(provenance)) require(daemon, 24, "does not know provenance version=v1", "leave out version=");
  if (/\bcomplete-materials=/.test(provenance)) {
    require(daemon, 31, "does not know complete-materials", "leave it out");
  }
  if (build.attestations.size > 0) {
    require(daemon, 11, "does not make attestations", "leave out --sbom, --provenance and --attest");
  }
  if (build.entitlements.some((name) => name.startsWith("device"))) {
    require(daemon, 20, "does not know the entitlement device", "leave out --allow device");
  }
}

/** Throws "usage" when a build has more outputs than the daemon makes. */
export function checkOutputCount(count: number, daemon: DaemonTraits): void {
  if (count > 1) require(daemon, 13, "writes one output in a build", "build again for the other outputs");
}

function checkOutput(output: Output, { platforms }: BuildRequest, daemon: DaemonTraits): void {
  const { attributes, destination } = output;
  if (destination.kind === "directory" && destination.mode === "delete") {
    require(daemon, 31, "does not know mode=delete", "leave out mode=delete, and empty the directory yourself");
  }
  for (const [name, value] of attributes) {
    const since = attributesSince.get(name);
    if (since === undefined || parseBoolean(value) === false) continue;
    if (name === "platform-split" && platforms.length > 1) continue;
    require(daemon, since, `does not know ${name}=`, "leave it out");
  }
  const isAnnotated = isImage(output) && [...attributes.keys()].some((key) => key.startsWith("annotation"));
  if (isAnnotated) require(daemon, 11, "does not write annotations", "leave them out");
}

function require(daemon: DaemonTraits, since: number, what: string, instead: string): void {
  if (!isOlder(daemon, 0, since)) return;
  const { version = [] } = daemon;
  const name = version.length < 3 ? "before v0.11" : `v${version.join(".")}`;
  throw new LuakitError("usage", `the daemon (BuildKit ${name}) ${what}`, {
    hint: `BuildKit v0.${since} or newer does; or ${instead}`,
  });
}
