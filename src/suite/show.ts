import { type FunctionValue, isFunction, isHandle, isList, isMap, type Value } from "./value.ts";

const longestLine = 60;

/** A value as Lua text, on one line when it is short, else with a line for each entry; keys are in order. */
export function showValue(value: Value, indent = ""): string {
  const short = showLine(value);
  if (indent.length + short.length <= longestLine && !short.includes("\n")) return short;
  return showLong(value, indent);
}

/** A value as lines for comparing: each entry of a table has its own. */
export function showLong(value: Value, indent = ""): string {
  const inner = `${indent}  `;
  if (isList(value) && value.length > 0) {
    return `{\n${value.map((item) => `${inner}${showLong(item, inner)},\n`).join("")}${indent}}`;
  }
  if (isMap(value) && value.size > 0) {
    const entries = sorted(value).map(([key, item]) => `${inner}${showKey(key)} = ${showLong(item, inner)},\n`);
    return `{\n${entries.join("")}${indent}}`;
  }
  return showLine(value);
}

/** A value on one line. */
export function showLine(value: Value): string {
  if (value === null) return "nil";
  if (typeof value === "string") return quote(value);
  if (isHandle(value)) return value.type.toText(value.value);
  if (isFunction(value)) return showFunction(value);
  if (isList(value)) return `{${value.map(showLine).join(", ")}}`;
  if (isMap(value))
    return `{${sorted(value)
      .map(([key, item]) => `${showKey(key)} = ${showLine(item)}`)
      .join(", ")}}`;
  return String(value);
}

/** What is not of a script has no place. */
function showFunction({ call }: FunctionValue): string {
  const place = call.definedAt();
  return place === undefined ? "a function" : `a function of ${place.source.name}:${place.line}`;
}

/** Text with more than one line stays readable: only what is no line end is escaped. */
function quote(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, "\\$&")
    .replace(/[^\P{Cc}\n\t]/gu, (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`);
  return `"${escaped.replaceAll("\t", "\\t").replaceAll("\n", "\\n")}"`;
}

function showKey(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key) || key.startsWith("[")) return key;
  return `[${quote(key)}]`;
}

function sorted(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : 1));
}
