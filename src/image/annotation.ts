import { LuakitError } from "../diagnostic/luakit-error.ts";
import { suggest } from "../diagnostic/suggest.ts";
import { parsePlatform } from "../oci/platform.ts";

const levels = ["index", "index-descriptor", "manifest", "manifest-descriptor"];
const usage = "write KEY, or index:KEY, or manifest[linux/amd64]:KEY";

/**
 * The exporter attributes for annotations: `key` becomes `annotation.key`, and buildx's prefixes work:
 * `index:key`, `manifest[linux/amd64]:key`, `index,manifest:key`. Sorted by attribute. Throws "image.config".
 */
export function annotationAttributes(annotations: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [key, value] of annotations) {
    for (const attribute of attributesOf(key)) attributes.set(attribute, value);
  }
  return new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function attributesOf(text: string): readonly string[] {
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(colon, 0));
  // Names of domains are no levels: `com.example:key` is a key.
  if (colon < 0 || /^[^,[\]]*\.[^,[\]]*$/.test(prefix)) return [`annotation.${checkKey(text, text)}`];
  const key = checkKey(text, text.slice(colon + 1));
  return prefix.split(",").map((level) => `annotation-${checkLevel(text, level)}.${key}`);
}

function checkLevel(text: string, level: string): string {
  const match = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/.exec(level);
  if (match === null) throw refuse(text, `"${level}" is not LEVEL or LEVEL[PLATFORM]`);
  const [, name = "", platform] = match;
  if (!levels.includes(name)) {
    const meant = suggest(name, levels);
    if (meant !== undefined) throw refuse(text, `did you mean "${meant}" by "${name}"?`);
    throw refuse(text, `"${name}" is no level: ${levels.join(", ")}`);
  }
  if (platform !== undefined && name.startsWith("index")) throw refuse(text, "an index has no platform");
  if (platform !== undefined) checkPlatform(text, platform);
  return level;
}

function checkPlatform(text: string, platform: string): void {
  try {
    parsePlatform(platform);
  } catch (error) {
    const hint = error instanceof LuakitError ? error.hint : undefined;
    throw refuse(text, `"${platform}" is not a platform`, hint ?? usage);
  }
}

function checkKey(text: string, key: string): string {
  if (key !== "" && !/[\s=]/.test(key)) return key;
  throw refuse(text, key === "" ? "the key is empty" : "a key has no white space and no =");
}

function refuse(text: string, why: string, hint = usage): LuakitError {
  return new LuakitError("image.config", `option "annotations": "${text}" is not an annotation key: ${why}`, { hint });
}
