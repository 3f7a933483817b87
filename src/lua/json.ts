import { LuakitError } from "../diagnostic/luakit-error.ts";
import { defineFunction, type FunctionDescriptor } from "./function.ts";
import { findJsonFault } from "./json-fault.ts";
import { text } from "./scalar.ts";
import { compareBytes } from "./table.ts";
import { type LuaObject, type LuaValue, luaValue } from "./value.ts";

const deepest = 512;

/** `json.decode` and `json.encode`; `json.null` stands for null within tables. */
export const jsonFunctions: readonly FunctionDescriptor<unknown>[] = [
  defineFunction<unknown>()({
    name: "json.decode",
    doc: "Reads JSON text. `null` within arrays and objects becomes `json.null`, so that nothing gets lost.",
    params: [{ name: "text", kind: text, doc: "The JSON text." }],
    returns: { type: "any", doc: "tables, strings, numbers and booleans." },
    example:
      'local package = json.decode([[{"name": "app", "tags": ["a", null]}]])\nassert(package.tags[2] == json.null)',
    run: (_call, source) => decodeJson(source),
  }),
  defineFunction<unknown>()({
    name: "json.encode",
    doc: "Writes a value as JSON text, with the keys of objects in order. An empty table is an object.",
    params: [{ name: "value", kind: luaValue, doc: "Tables, strings, numbers, booleans, `json.null` and nil." }],
    returns: { type: "string" },
    example: 'assert(json.encode({b = 1, a = {true, json.null}}) == [[{"a":[true,null],"b":1}]])',
    run: (_call, value) => encodeJson(value),
  }),
];

function decodeJson(source: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(source, keepIntegers);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw new LuakitError("script.argument", `this is no JSON: ${findJsonFault(source) ?? String(error)}`);
  }
  checkDepth(value, 0);
  return value;
}

/** Numbers beyond 2^53 keep their digits where a Lua integer can hold them. */
function keepIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  if (context?.source === undefined || !/^-?\d+$/.test(context.source)) return value;
  const whole = BigInt(context.source);
  return whole === BigInt.asIntN(64, whole) ? whole : value;
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= deepest) throw tooDeep();
  for (const inner of Object.values(value)) checkDepth(inner, depth + 1);
}

function tooDeep(): LuakitError {
  return new LuakitError("script.argument", `the JSON is nested more than ${deepest} deep`);
}

function encodeJson(value: LuaValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new LuakitError("script.argument", `JSON has no ${value}`);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(encodeJson).join(",")}]`;
  const keys = Object.keys(value).sort(compareBytes);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${encodeJson(value[key] ?? null)}`).join(",")}}`;
}

function isArray(value: readonly LuaValue[] | LuaObject): value is readonly LuaValue[] {
  return Array.isArray(value);
}
