import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { formatReference, parseReference } from "../image/reference.ts";
import { type AttributeTable, checkAttributes, needAttribute, parseAttributes } from "./attributes.ts";
import { addAwsCredentials } from "./aws-credentials.ts";
import { type CacheType, cacheTypes, exportAttributes, importAttributes } from "./cache-attributes.ts";
import { checkCompression } from "./compression.ts";
import { parseCsv } from "./csv.ts";
import type { FlagContext } from "./flag-context.ts";
import { addGithubVariables } from "./github-cache.ts";
import { imageName } from "./image-names.ts";

/** One cache to read from or write to; `attributes` are those of the daemon, checked. */
export interface CacheEntry {
  readonly type: CacheType;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of `type=local`: the directory, absolute. The daemon names it by the attribute `src` or `dest`, as it was given. */
  readonly path?: string;
}

export interface Caches {
  readonly entries: readonly CacheEntry[];
  /** Caches that were left out, and why. */
  readonly warnings: readonly string[];
}

type Direction = "cache-to" | "cache-from";

/** Reads `--cache-to` and `--export-cache` values, in buildctl's and buildx's notation. Throws "usage". */
export function parseCacheExports(values: readonly string[], context: FlagContext): Caches {
  const caches = readAll("cache-to", values, context);
  const seen = new Set<string>();
  const entries = caches.entries.filter((entry) => {
    const key = exportKey(entry);
    if (!seen.has(key)) {
      seen.add(key);
      return true;
    }
    if (entry.type === "inline") return false;
    throw new LuakitError("usage", `--cache-to: the same ${entry.type} cache is written twice`);
  });
  return { ...caches, entries };
}

/** Reads `--cache-from` and `--import-cache` values. Throws "usage". */
export function parseCacheImports(values: readonly string[], context: FlagContext): Caches {
  return readAll("cache-from", values, context);
}

function readAll(direction: Direction, values: readonly string[], context: FlagContext): Caches {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(`--${direction}: ${text}`);
  const entries = values
    .flatMap((value) => splitReferences(direction, value))
    .flatMap((text) => readEntry(direction, text, context, warn) ?? []);
  return { entries, warnings };
}

/** `user/app:cache,user/app:other` is a list of registry caches; anything with `=` is one cache. */
function splitReferences(direction: Direction, value: string): string[] {
  if (value.includes("=")) return [value];
  return parseCsv(direction, value).map((reference) => `type=registry,ref=${reference}`);
}

/** The entry; undefined for one that is of no use here. */
function readEntry(
  direction: Direction,
  text: string,
  context: FlagContext,
  warn: (text: string) => void,
): CacheEntry | undefined {
  const given = parseAttributes(direction, text);
  const type = readType(direction, given);
  const table = tableOf(direction, type);
  if (direction === "cache-from") dropExportOnly(type, given, table, warn);
  const attributes = checkAttributes(direction, `type=${type}`, given, table);
  if (type === "s3") addAwsCredentials(attributes, context);
  const missing = type === "gha" ? addGithubVariables(attributes, context.variables) : undefined;
  if (missing === undefined) return finishEntry(direction, type, attributes, context);
  warn(`the cache of type=gha is left out: ${missing}`);
  return undefined;
}

/** People give the same value to both flags, and buildx says nothing to `mode=max` of a cache that is read. */
function dropExportOnly(
  type: CacheType,
  given: Map<string, string>,
  table: AttributeTable,
  warn: (text: string) => void,
): void {
  for (const key of [...given.keys()]) {
    if (Object.hasOwn(table, key) || !Object.hasOwn(exportAttributes[type], key) || key === "dest") continue;
    given.delete(key);
    warn(`${key}= has no effect on a cache that is read`);
  }
}

function finishEntry(
  direction: Direction,
  type: CacheType,
  attributes: Map<string, string>,
  { cwd }: FlagContext,
): CacheEntry {
  const owner = `type=${type}`;
  if (direction === "cache-to") checkExport(type, attributes);
  if (type === "registry")
    attributes.set("ref", cacheName(direction, needAttribute(direction, owner, attributes, "ref")));
  if (type !== "local") return { type, attributes };
  const key = direction === "cache-to" ? "dest" : "src";
  return { type, attributes, path: resolve(cwd, needAttribute(direction, owner, attributes, key)) };
}

/** A cache is written under a tag, and read under a tag or a digest. */
function cacheName(direction: Direction, text: string): string {
  return direction === "cache-to" ? imageName(direction, text) : formatReference(parseReference(text));
}

function checkExport(type: CacheType, attributes: Map<string, string>): void {
  if (type === "inline" && attributes.get("mode") === "max") {
    throw new LuakitError("usage", "--cache-to: type=inline keeps the layers of the result only, as mode=min does", {
      hint: "for mode=max write type=registry,ref=NAME,mode=max",
    });
  }
  if (!attributes.has("mode")) attributes.set("mode", "min");
  checkCompression("cache-to", attributes);
}

function readType(direction: Direction, given: Map<string, string>): CacheType {
  const word = given.get("type") ?? "";
  given.delete("type");
  const type = cacheTypes.find((known) => known === word);
  if (type === "inline" && direction === "cache-from") {
    throw new LuakitError("usage", "--cache-from: an inline cache is read as the image that it is in", {
      hint: "write type=registry,ref=IMAGE",
    });
  }
  if (type !== undefined) return type;
  const hint = `one of type=${cacheTypes.filter((known) => known !== "inline" || direction === "cache-to").join(", type=")}`;
  if (word === "") throw new LuakitError("usage", `--${direction}: it says no type=`, { hint });
  throw new LuakitError("usage", `--${direction}: there is no type "${word}"${didYouMean(word, cacheTypes)}`, { hint });
}

function tableOf(direction: Direction, type: CacheType): AttributeTable {
  if (direction === "cache-to") return exportAttributes[type];
  return type === "inline" ? {} : importAttributes[type];
}

/** What makes two exports the same to the daemon. */
function exportKey({ type, attributes, path }: CacheEntry): string {
  if (type === "inline") return type;
  if (type === "registry") return `${type} ${attributes.get("ref")}`;
  if (path !== undefined) return `${type} ${path}`;
  return JSON.stringify([type, [...attributes].sort()]);
}
