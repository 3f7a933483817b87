import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import type { DaemonTraits } from "./daemon-traits.ts";
import type { Destination } from "./destination.ts";
import type { Output } from "./output.ts";
import { byImageDigest, type ExportPlan, type LoadForm, type PlannedExport, planLoad } from "./planned-export.ts";

/** What a graphdriver's image exporter reads; the rest it passes over. */
const read = /^(name|containerimage\.config|containerimage\.base\.config|source-date-epoch|unpack|store)$/;

/**
 * The exporters of the BuildKit inside a Docker Engine (connect.md §4.2): images go into the engine with `moby`. What a
 * graphdriver store cannot do is refused. Throws "usage".
 */
export function planEngineExports(build: BuildRequest, daemon: DaemonTraits, loadAs: LoadForm): ExportPlan {
  if (!daemon.containerd) checkGraphdriver(build);
  const planned = build.outputs.map((output) => planEngineExport(build, output, daemon, loadAs));
  if (planned.length === 0 && !build.cacheOnly) planned.push(mobyExport(new Map(), daemon));
  return { exports: mergeLoads(planned), warnings: daemon.containerd ? [] : planned.flatMap(unreadWarnings) };
}

function planEngineExport(build: BuildRequest, output: Output, daemon: DaemonTraits, loadAs: LoadForm): PlannedExport {
  const { type, attributes, destination } = output;
  if (type === "image") return imageExport(attributes, daemon);
  if (isOwnLoad(type, destination)) return mobyExport(attributes, daemon);
  if (type === "local" || type === "tar") return output;
  if (!daemon.containerd) {
    throw needsContainerd(`write type=${type} archives`, `load the image with --load, then write it with docker save`);
  }
  // Another engine was named: it gets an archive, as from any daemon.
  return destination.kind === "load" ? planLoad(build, output, loadAs) : output;
}

/** `type=docker` without a destination goes into the engine that builds, also where stdout is a pipe. */
function isOwnLoad(type: Output["type"], destination: Destination): boolean {
  if (destination.kind === "load") return destination.context === undefined;
  return type === "docker" && destination.kind === "stdout" && destination.implied === true;
}

function mobyExport(attributes: ReadonlyMap<string, string>, { containerd }: DaemonTraits): PlannedExport {
  const more = containerd ? byImageDigest : [];
  return { type: "moby", attributes: new Map([...more, ...attributes]), destination: { kind: "none" } };
}

/** An engine stores what it pushes: loading the same names once more is no further exporter. */
function mergeLoads(planned: readonly PlannedExport[]): PlannedExport[] {
  const named = new Map<string, PlannedExport>();
  const merged: PlannedExport[] = [];
  for (const each of planned) {
    const key = each.type === "moby" ? (each.attributes.get("name") ?? "") : undefined;
    const earlier = key === undefined ? undefined : named.get(key);
    if (key === undefined || earlier === undefined) merged.push(each);
    else
      merged.splice(merged.indexOf(earlier), 1, {
        ...earlier,
        ...each,
        attributes: new Map([...each.attributes, ...earlier.attributes]),
      });
    if (key !== undefined && earlier === undefined) named.set(key, each);
  }
  return merged;
}

/** The exporter of a graphdriver store does not push: the engine itself does it then, as for docker push. */
function imageExport(attributes: ReadonlyMap<string, string>, daemon: DaemonTraits): PlannedExport {
  const is = (key: string) => parseBoolean(attributes.get(key) ?? "false") === true;
  if (!is("push")) return mobyExport(attributes, daemon);
  if (is("push-by-digest")) {
    throw new LuakitError("usage", "a Docker Engine cannot push by digest", {
      hint: "push a tag, or use another builder: --builder NAME",
    });
  }
  if (daemon.containerd) return mobyExport(attributes, daemon);
  const kept = [...attributes].filter(([key]) => key !== "push" && key !== "unpack");
  return { ...mobyExport(new Map(kept), daemon), push: attributes.get("name")?.split(",") ?? [] };
}

function checkGraphdriver(build: BuildRequest): void {
  if (build.platforms.length > 1) throw needsContainerd("hold an image of several platforms", "choose one --platform");
  if (build.attestations.size > 0) {
    throw needsContainerd("hold attestations", "leave out --sbom, --provenance and --attest");
  }
  const outside = build.cacheExports.find(({ type }) => type !== "inline");
  if (outside !== undefined) throw needsContainerd(`write a cache of type=${outside.type}`, "write type=inline");
  const unread = build.cacheImports.find(({ type }) => type !== "registry" && type !== "local");
  if (unread !== undefined)
    throw needsContainerd(`read a cache of type=${unread.type}`, "read type=registry or type=local");
}

function unreadWarnings({ type, attributes }: PlannedExport): string[] {
  if (type !== "moby") return [];
  const unread = [...attributes.keys()].filter((key) => !read.test(key) && !key.startsWith("containerimage.config/"));
  return unread.map((key) => `this Docker Engine takes no notice of ${key}=, for it keeps images in a graphdriver`);
}

function needsContainerd(what: string, instead: string): LuakitError {
  return new LuakitError("usage", `this Docker Engine cannot ${what}, for it keeps images in a graphdriver`, {
    hint: `turn its containerd image store on, or use another builder (--builder NAME); or ${instead}`,
  });
}
