import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type JsonObject, parseObject } from "../image/json.ts";
import { ContentStore } from "../session/content-store.ts";
import { findInIndex, type IndexName, putInIndex } from "../session/oci-index.ts";
import { resetLayout } from "../session/oci-reset.ts";
import type { BuildRequest } from "./build-request.ts";
import type { CacheEntry } from "./cache.ts";
import { expectWritable } from "./expect-writable.ts";
import type { PlannedExport } from "./planned-export.ts";

/** The directories of content that a build reads and writes: OCI layouts, local caches, an exported layout. */
export interface Layouts {
  /** By the id that the daemon names a store with (session.md §7). */
  readonly stores: ReadonlyMap<string, ContentStore>;
  /** With the digests of local caches; those that are not there are left out. */
  readonly cacheImports: readonly CacheEntry[];
  readonly warnings: readonly string[];
  /** Names in each index.json what the build wrote. Throws "oci.layout" and "file.write". */
  finish(response: Readonly<Record<string, string>>): Promise<void>;
  /** Removes what a build that failed has written. */
  discard(): void;
}

/** Opens the layouts of a build; nothing is written before the daemon sends something. */
export async function openLayouts(request: BuildRequest): Promise<Layouts> {
  const stores = new Map(request.ociLayouts.map(({ name, path }) => [`oci:${name}`, new ContentStore(path, "read")]));
  const warnings: string[] = [];
  const cacheImports: CacheEntry[] = [];
  for (const entry of request.cacheImports) {
    const found = await locate(entry);
    if (typeof found === "string") warnings.push(found);
    else cacheImports.push(found);
    if (entry.path !== undefined)
      stores.set(`local:${entry.attributes.get("src")}`, new ContentStore(entry.path, "read"));
  }
  for (const { path, attributes } of request.cacheExports) {
    if (path === undefined) continue;
    expectWritable(path);
    stores.set(`local:${attributes.get("dest")}`, new ContentStore(path, "write"));
  }
  for (const { destination } of request.outputs) {
    if (destination.kind !== "layout") continue;
    expectWritable(destination.path);
    stores.set("export", new ContentStore(destination.path, "write"));
  }
  return {
    stores,
    cacheImports,
    warnings,
    async finish(response) {
      for (const store of stores.values()) store.close();
      for (const entry of request.cacheExports) await nameCache(entry, response);
      for (const output of request.outputs) await nameImage(output, response);
    },
    discard: () => {
      // Another build may count on what is in a cache by now; an exported layout is this build's alone.
      for (const [id, store] of stores) id === "export" ? store.discard() : store.close();
    },
  };
}

/** A local cache with its digest, or why it is left out. */
async function locate(entry: CacheEntry): Promise<CacheEntry | string> {
  const { path, attributes } = entry;
  if (path === undefined || attributes.has("digest")) return entry;
  const tag = attributes.get("tag") ?? "latest";
  try {
    const digest = await findInIndex(path, tag);
    if (digest !== undefined && new ContentStore(path, "read").find(digest) !== undefined) {
      return { ...entry, attributes: new Map([...attributes, ["digest", digest]]) };
    }
    return `--cache-from: the cache in "${path}" has nothing tagged "${tag}" and is left out`;
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    return `--cache-from: the cache in "${path}" is left out: ${error.message}`;
  }
}

async function nameCache({ path, attributes }: CacheEntry, response: Readonly<Record<string, string>>): Promise<void> {
  const manifest = response["cache.manifest"];
  if (path === undefined || manifest === undefined) return;
  await putInIndex(path, parse(manifest), [{ tag: attributes.get("tag") ?? "latest" }]);
  if (attributes.get("reset") === "true") await resetLayout(path);
}

async function nameImage(
  { destination }: Pick<PlannedExport, "destination">,
  response: Readonly<Record<string, string>>,
): Promise<void> {
  const descriptor = response["containerimage.descriptor"];
  if (destination.kind !== "layout" || descriptor === undefined) return;
  const names = (response["image.name"] ?? "").split(",").filter((name) => name !== "");
  const wanted: IndexName[] = names.length === 0 ? [{ tag: "latest" }] : names.map((image) => ({ image }));
  await putInIndex(destination.path, parse(Buffer.from(descriptor, "base64").toString("utf8")), wanted);
}

function parse(json: string): JsonObject {
  const descriptor = parseObject(json);
  if (descriptor === undefined) throw new LuakitError("rpc.internal", "the daemon sent a descriptor that is not JSON");
  return descriptor;
}
