import { LuakitError } from "../diagnostic/luakit-error.ts";
import { suggest } from "../diagnostic/suggest.ts";

const levels = ["manifest", "index", "manifest-descriptor", "index-descriptor"];

/**
 * The exporter attributes for annotations: `key` becomes `annotation.key`, and buildx's prefixes work:
 * `index:key`, `manifest[linux/amd64]:key`, `index,manifest:key`. Sorted by attribute.
 */
export function annotationAttributes(annotations: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [key, value] of annotations) {
    for (const attribute of attributesOf(key)) attributes.set(attribute, value);
  }
  return new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function attributesOf(text: string): readonly string[] {
  const match = /^([a-z,-]+)(?:\[([A-Za-z0-9_/-]+)\])?:(.+)$/.exec(text);
  const types = match?.[1]?.split(",") ?? [];
  const misspelt = types.find((type) => !levels.includes(type));
  const meant = misspelt === undefined ? undefined : suggest(misspelt, levels);
  if (meant !== undefined) throw refuse(text, `did you mean "${meant}" by "${misspelt}"?`);
  if (match === null || misspelt !== undefined) {
    return [`annotation.${checkKey(text, text)}`];
  }
  const platform = match[2] === undefined ? "" : `[${match[2]}]`;
  const key = checkKey(text, match[3] ?? "");
  return types.map((type) => {
    if (platform !== "" && type.startsWith("index")) throw refuse(text, "an index has no platform");
    return `annotation-${type}${platform}.${key}`;
  });
}

function checkKey(text: string, key: string): string {
  if (key !== "" && !/[\s=]/.test(key)) return key;
  throw refuse(text, key === "" ? "the key is empty" : "a key has no white space and no =");
}

function refuse(text: string, why: string): LuakitError {
  return new LuakitError("image.config", `option "annotations": "${text}" is not an annotation key: ${why}`);
}
