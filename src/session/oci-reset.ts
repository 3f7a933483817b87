import { readFileSync, rmSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import { manifestTypes } from "../image/manifest.ts";
import { ContentStore } from "./content-store.ts";
import { readEntries } from "./oci-index.ts";

/** The most bytes that a manifest may have. */
const maxManifest = 8 * 1024 * 1024;

/**
 * Deletes every blob of a layout directory that nothing in its `index.json` leads to (`reset=true` of a local cache).
 * Deletes nothing when a manifest on the way is missing or broken. Throws "oci.layout".
 */
export async function resetLayout(directory: string): Promise<void> {
  const store = new ContentStore(directory, "read");
  const wanted = new Set<string>();
  for (const entry of await readEntries(directory)) follow(store, entry, wanted);
  for (const { digest, path } of [...store.list()]) {
    if (!wanted.has(digest)) rmSync(path, { force: true });
  }
}

function follow(store: ContentStore, descriptor: JsonObject, wanted: Set<string>): void {
  const digest = textMember(descriptor, "digest");
  if (digest === undefined || wanted.has(digest)) return;
  wanted.add(digest);
  if (!manifestTypes.includes(textMember(descriptor, "mediaType") ?? "")) return;
  const { path, size } = store.get(digest);
  const manifest = size > maxManifest ? undefined : parseObject(readFileSync(path));
  if (manifest === undefined) {
    throw new LuakitError("oci.layout", `the OCI layout ${store.directory}: the manifest ${digest} is broken`);
  }
  for (const child of childrenOf(manifest)) follow(store, child, wanted);
}

function childrenOf(manifest: JsonObject): JsonObject[] {
  const lists = [manifest.manifests, manifest.layers, manifest.blobs].filter(Array.isArray).flat();
  return [...lists, manifest.config].filter(isObject);
}
