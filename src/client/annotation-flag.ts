import { LuakitError } from "../diagnostic/luakit-error.ts";
import { annotationProblem } from "./exporter-attributes.ts";

/**
 * The exporter attributes of `--annotation` values, as buildx reads them: `KEY=VALUE`, or with levels and platforms before
 * a colon, `index,manifest[linux/amd64]:KEY=VALUE`. Throws "usage".
 */
export function annotationAttributesOf(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(values.flatMap(attributesOf));
}

/** The attributes of a script that no flag sets: to a daemon the result's go before the exporter's, to people the flag's. */
export function withoutFlags(
  script: ReadonlyMap<string, string>,
  flags: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const given = new Set([...flags.keys()].map(fullName));
  return new Map([...script].filter(([name]) => !given.has(fullName(name))));
}

/** Without a level it is the manifest. */
function fullName(attribute: string): string {
  return attribute.replace(/^annotation(?=[.[])/, "annotation-manifest");
}

function attributesOf(text: string): (readonly [key: string, value: string])[] {
  const equals = text.indexOf("=");
  if (equals < 0) throw refuse(text, "it is not KEY=VALUE");
  const value = text.slice(equals + 1);
  const name = text.slice(0, equals);
  const colon = name.indexOf(":");
  const key = name.slice(colon + 1);
  if (key === "") throw refuse(text, "the key is empty");
  if (/\s/.test(key)) throw refuse(text, "the key has white space");
  if (colon < 0) return [[`annotation.${key}`, value]];
  return name
    .slice(0, colon)
    .split(",")
    .map((level) => [attributeOf(text, level, key), value] as const);
}

function attributeOf(text: string, level: string, key: string): string {
  const match = /^([a-z-]+)(\[[A-Za-z0-9_/-]+\])?$/.exec(level);
  if (match === null) throw refuse(text, `"${level}" is not LEVEL or LEVEL[PLATFORM]`);
  const [, name = "", platform = ""] = match;
  if (platform !== "" && name.startsWith("index")) throw refuse(text, "an index has no platform");
  const attribute = `annotation-${name}${platform}.${key}`;
  const problem = annotationProblem(attribute);
  if (problem !== undefined) throw refuse(text, problem);
  return attribute;
}

function refuse(text: string, why: string): LuakitError {
  return new LuakitError("usage", `--annotation: "${text}": ${why}`, {
    hint: "write KEY=VALUE, or index:KEY=VALUE, or manifest[linux/amd64]:KEY=VALUE",
  });
}
