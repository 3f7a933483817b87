import type { CacheOptionsEntry } from "../gen/gateway.ts";
import { type RawOptions, refuseOption } from "./option-value.ts";

const name = "cache-imports";

/** The caches that a client wants to be used: JSON of a list, and after it the older list of images. */
export function readCacheImports(options: RawOptions): readonly CacheOptionsEntry[] {
  const images = (options.get("cache-from") ?? "").split(",").filter((ref) => ref !== "");
  return [...readEntries(options), ...images.map((ref) => ({ Type: "registry", Attrs: { ref } }))];
}

function readEntries(options: RawOptions): readonly CacheOptionsEntry[] {
  const text = options.get(name) ?? "";
  if (text === "") return [];
  const entries = parseJson(text);
  if (entries === null) return [];
  if (!Array.isArray(entries)) throw malformed();
  return entries.map(readEntry);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

// No message holds the text, which may have credentials.
function malformed() {
  return refuseOption(name, 'expected JSON such as [{"Type":"registry","Attrs":{"ref":"host/cache"}}]');
}

function readEntry(entry: unknown): CacheOptionsEntry {
  if (typeof entry !== "object" || entry === null) throw malformed();
  // Go's JSON takes names in any case.
  const fields = new Map(Object.entries(entry).map(([key, value]) => [key.toLowerCase(), value]));
  const { type = "", attrs = {} } = { type: fields.get("type"), attrs: fields.get("attrs") ?? undefined };
  if (typeof type !== "string" || typeof attrs !== "object" || attrs === null) throw malformed();
  const attributes = Object.entries(attrs).map(([key, value]): [string, string] => {
    if (typeof value !== "string") throw malformed();
    return [key, value];
  });
  return { Type: type, Attrs: Object.fromEntries(attributes) };
}
