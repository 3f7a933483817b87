import type { CacheOptionsEntry, SolveRequest } from "../gen/control.ts";
import { formatPlatform } from "../oci/platform.ts";
import type { Init } from "../wire/codec.ts";
import { sortedRecord } from "./attributes.ts";
import type { BuildRequest } from "./build-request.ts";
import type { CacheEntry } from "./cache.ts";
import type { DaemonTraits } from "./daemon-traits.ts";
import { planExports } from "./export-plan.ts";
import type { LoadForm, PlannedExport } from "./planned-export.ts";

/** The part of a request that the command line makes, without Ref, Session, Definition and Frontend. */
export interface PlannedSolve {
  readonly request: Init<SolveRequest>;
  /** In the order of `request.Exporters`: a place is the exporter's id. */
  readonly exports: readonly PlannedExport[];
  /** For the graphs that our own frontend solves. */
  readonly cacheImports: readonly CacheOptionsEntry[];
  readonly warnings: readonly string[];
}

const noImages = "--offline has no effect: this daemon keeps no images, and asks registries for them";

export interface SolveSettings {
  /** `cacheImports` when some were left out, or local ones have their digests; default: all of the request. */
  readonly cacheImports?: readonly CacheEntry[] | undefined;
  /** Default: docker. */
  readonly loadAs?: LoadForm | undefined;
}

/** A request as a daemon takes it (client.md §1.2, connect.md §4.2). Throws "usage" for what this daemon cannot do. */
export function planSolve(build: BuildRequest, daemon: DaemonTraits, settings: SolveSettings = {}): PlannedSolve {
  const { exports, warnings } = planExports(build, daemon, settings.loadAs ?? "docker");
  const cacheImports = (settings.cacheImports ?? build.cacheImports).map(wireEntry);
  const Exporters = exports.map(({ type, attributes }) => ({ Type: type, Attrs: sortedRecord(attributes) }));
  const [first] = Exporters;
  return {
    exports,
    cacheImports,
    warnings: build.offline && !daemon.imageStore ? [...warnings, noImages] : warnings,
    request: {
      Exporters,
      // Daemons before v0.13 know only this pair, newer ones only the list.
      ...(first !== undefined && { ExporterDeprecated: first.Type, ExporterAttrsDeprecated: first.Attrs }),
      FrontendAttrs: frontendAttributes(build, cacheImports),
      Cache: { Exports: build.cacheExports.map(wireEntry), Imports: cacheImports },
      Entitlements: build.entitlements,
      SourcePolicy: build.sourcePolicy,
    },
  };
}

/** Frontend options as a client sends them: those given, and what other flags mean to a frontend. */
export function frontendAttributes(
  build: BuildRequest,
  cacheImports: readonly CacheOptionsEntry[],
): Readonly<Record<string, string>> {
  const attributes = new Map(build.options);
  for (const [name, value] of build.labels) attributes.set(`label:${name}`, value);
  if (build.filename !== undefined && !attributes.has("filename")) attributes.set("filename", build.filename);
  if (build.target !== undefined) attributes.set("target", build.target);
  if (build.platforms.length > 0) attributes.set("platform", build.platforms.map(formatPlatform).join(","));
  if (build.noCache) attributes.set("no-cache", "");
  if (build.offline) attributes.set("image-resolve-mode", "local");
  for (const [type, value] of build.attestations) attributes.set(`attest:${type}`, value);
  if (cacheImports.length > 0) attributes.set("cache-imports", JSON.stringify(cacheImports));
  return sortedRecord(attributes);
}

function wireEntry({ type, attributes }: CacheEntry): CacheOptionsEntry {
  return { Type: type, Attrs: sortedRecord(attributes) };
}
