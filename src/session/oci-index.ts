import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, errorCode } from "../diagnostic/system-error.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import { type FileLock, waitForLock } from "./file-lock.ts";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";

/** What an entry is found by: a tag (also of a cache), or the whole name of an image. */
export type IndexName = { readonly tag: string } | { readonly image: string };

const tagKey = "org.opencontainers.image.ref.name";
const imageKey = "io.containerd.image.name";
const patience = 10_000;

/**
 * Writes an OCI descriptor into `index.json` of a layout directory, once under each name (none: once as it is), in place
 * of those that had these names. Waits for other builds that write there. Throws "oci.layout", "file.write".
 */
export async function putInIndex(
  directory: string,
  descriptor: JsonObject,
  names: readonly IndexName[],
): Promise<void> {
  try {
    mkdirSync(directory, { recursive: true });
    const lock = await lockIndex(directory, "exclusive");
    try {
      writeIndex(directory, descriptor, names);
    } finally {
      lock.release({ remove: true });
    }
  } catch (error) {
    throw fileError("file.write", "write", toByteString(join(directory, "index.json")), error);
  }
}

/**
 * The digest of what has this name or tag in a layout directory: whole names go first. undefined when nothing has it.
 * Throws "oci.layout" when there is no index.json or it is broken.
 */
export async function findInIndex(directory: string, name: string): Promise<string | undefined> {
  const entries = await readEntries(directory);
  const found = [imageKey, tagKey].flatMap((key) => entries.filter((entry) => annotationsOf(entry)[key] === name));
  return found.flatMap((entry) => textMember(entry, "digest") ?? [])[0];
}

/** The descriptors in `index.json`. Throws "oci.layout". */
export async function readEntries(directory: string): Promise<readonly JsonObject[]> {
  const lock = await lockForReading(directory);
  try {
    return entriesOf(readIndex(directory));
  } catch (error) {
    if (error instanceof LuakitError) throw error;
    const why =
      errorCode(error) === "ENOENT"
        ? "there is no index.json"
        : `index.json cannot be read: ${describeSystemError(error)}`;
    throw broken(directory, why, error);
  } finally {
    lock?.release({ remove: true });
  }
}

async function lockIndex(directory: string, mode: "shared" | "exclusive"): Promise<FileLock> {
  const lock = await waitForLock(join(directory, "index.json.lock"), mode, patience);
  if (lock !== undefined) return lock;
  throw broken(directory, "another process keeps its index.json.lock");
}

/** Where a lock file cannot be made nobody else writes either. */
async function lockForReading(directory: string): Promise<FileLock | undefined> {
  try {
    return await lockIndex(directory, "shared");
  } catch (error) {
    if (error instanceof LuakitError) throw error;
    return undefined;
  }
}

function writeIndex(directory: string, descriptor: JsonObject, names: readonly IndexName[]): void {
  const layout = join(directory, "oci-layout");
  if (!existsSync(layout)) writeFileSync(layout, '{"imageLayoutVersion":"1.0.0"}');
  const index = existsSync(join(directory, "index.json")) ? readIndex(directory) : {};
  let entries = entriesOf(index);
  for (const name of names) entries = putEntry(entries, descriptor, name);
  const manifests = names.length === 0 ? [...entries, descriptor] : entries;
  const mediaType = "application/vnd.oci.image.index.v1+json";
  replaceFile(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, mediaType, ...index, manifests }));
}

function putEntry(entries: readonly JsonObject[], descriptor: JsonObject, name: IndexName): readonly JsonObject[] {
  const image = "image" in name ? name.image : undefined;
  const tag = "image" in name ? referenceName(name.image) : name.tag;
  const others = entries.filter((entry) => {
    const annotations = annotationsOf(entry);
    return (annotations[tagKey] ?? "") !== tag || (annotations[imageKey] ?? "") !== (image ?? "");
  });
  const own = { ...(image !== undefined && { [imageKey]: image }), [tagKey]: tag };
  return [...others, { ...descriptor, annotations: { ...annotationsOf(descriptor), ...own } }];
}

/** What containerd takes as the name inside a repository: `1` of `docker.io/library/app:1`, `@sha256:…` of a digest. */
function referenceName(image: string): string {
  const slash = image.indexOf("/");
  if (slash === -1) return image;
  const found = /[:@].*$/.exec(image.slice(slash))?.[0] ?? "";
  return found.replace(/^:/, "");
}

function readIndex(directory: string): JsonObject {
  const index = parseObject(readFileSync(join(directory, "index.json")));
  if (index !== undefined) return index;
  throw broken(directory, "index.json is not a JSON object");
}

function entriesOf(index: JsonObject): readonly JsonObject[] {
  return Array.isArray(index.manifests) ? index.manifests.filter(isObject) : [];
}

function annotationsOf(entry: JsonObject): JsonObject {
  return isObject(entry.annotations) ? entry.annotations : {};
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    writeFileSync(temporary, text, { mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function broken(directory: string, why: string, cause?: unknown): LuakitError {
  return new LuakitError("oci.layout", `the OCI layout ${directory}: ${why}`, { cause });
}
