import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";
import type { Policy } from "../gen/policy.ts";
import { isObject, type JsonObject } from "../image/json.ts";
import type { FlagContext } from "./flag-context.ts";

/** buildx's variable, which names a file when no flag does. */
const variable = "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY";

const actions = ["ALLOW", "DENY", "CONVERT"];
const matches = ["WILDCARD", "EXACT", "REGEX"];
const conditions = ["EQUAL", "NOTEQUAL", "MATCHES"];

type Rule = Policy["rules"][number];

/** The policy of `--source-policy-file`, else of the variable's file, else none. Throws "usage". */
export function readSourcePolicy(file: string | undefined, context: FlagContext): Policy | undefined {
  const named = file ?? (context.variables[variable] || undefined);
  if (named === undefined) return undefined;
  const path = resolve(context.cwd, named);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new LuakitError("usage", `the source policy "${named}" cannot be read: ${describeSystemError(error)}`, {
      cause: error,
    });
  }
  return parseSourcePolicy(text, named);
}

/**
 * Reads a source policy as BuildKit's JSON has it (client.md §9), and refuses what BuildKit would pass over: unknown keys,
 * rules without a selector. Keys are those of Go (`match_type`) or of protobuf's JSON (`matchType`). Throws "usage".
 */
export function parseSourcePolicy(text: string, name: string): Policy {
  const at = `the source policy "${name}"`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(at, `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { version = 0, rules } = readObject(value, at, ["version", "rules"]);
  if (version !== 0 && version !== 1) throw wrong(at, `version: expected 1, got ${JSON.stringify(version)}`);
  return { version, rules: readList(rules, `${at}: rules`).map(readRule) };
}

type Read = readonly [value: unknown, at: string];

function readRule([value, at]: Read): Rule {
  const rule = readObject(value, at, ["action", "selector", "updates"]);
  const action = readWord(rule.action, `${at}.action`, actions);
  if (rule.selector === undefined) throw wrong(at, "it has no selector");
  const selector = readSelector(rule.selector, `${at}.selector`);
  const updates = rule.updates === undefined ? undefined : readUpdate(rule.updates, `${at}.updates`);
  const converts = actions[action] === "CONVERT";
  if (converts && updates === undefined) throw wrong(at, "an action CONVERT needs updates");
  if (!converts && updates !== undefined) {
    throw wrong(at, `an action ${actions[action]} has no updates`, 'write "action": "CONVERT"');
  }
  return { action, selector, updates };
}

function readSelector(value: unknown, at: string): NonNullable<Rule["selector"]> {
  const object = readObject(value, at, ["identifier", "match_type", "matchType", "constraints"]);
  const identifier = readText(object.identifier, `${at}.identifier`);
  if (identifier === "") throw wrong(at, "it has no identifier", 'write "docker-image://*" or the like');
  if (object.match_type !== undefined && object.matchType !== undefined) {
    throw wrong(at, "it has both match_type and matchType");
  }
  const match_type = readWord(object.match_type ?? object.matchType, `${at}.match_type`, matches);
  return { identifier, match_type, constraints: readList(object.constraints, `${at}.constraints`).map(readConstraint) };
}

function readConstraint([value, at]: Read): NonNullable<Rule["selector"]>["constraints"][number] {
  const object = readObject(value, at, ["key", "value", "condition"]);
  const key = readText(object.key, `${at}.key`);
  if (key === "") throw wrong(at, "it has no key");
  const condition = readWord(object.condition, `${at}.condition`, conditions);
  return { key, value: readText(object.value, `${at}.value`), condition };
}

function readUpdate(value: unknown, at: string): NonNullable<Rule["updates"]> {
  const { identifier, attrs = {} } = readObject(value, at, ["identifier", "attrs"]);
  if (!isObject(attrs)) throw wrong(`${at}.attrs`, "expected an object");
  const texts = Object.entries(attrs).map(([key, each]) => [key, readText(each, `${at}.attrs.${key}`)] as const);
  return { identifier: readText(identifier, `${at}.identifier`), attrs: Object.fromEntries(texts) };
}

function readObject(value: unknown, at: string, keys: readonly string[]): JsonObject {
  if (!isObject(value)) throw wrong(at, "expected an object");
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    throw wrong(at, `unknown key "${key}"${didYouMean(key, keys)}`, `it takes ${keys.join(", ")}`);
  }
  return value;
}

function readList(value: unknown, at: string): Read[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(at, "expected a list");
  return value.map((each, index) => [each, `${at}[${index}]`]);
}

function readText(value: unknown, at: string): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  throw wrong(at, "expected text");
}

/** A word of an enum, or its number; the first when there is none. */
function readWord(value: unknown, at: string, words: readonly string[]): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < words.length) return value;
  const found = typeof value === "string" ? words.indexOf(value) : -1;
  if (found >= 0) return found;
  const suggestion = typeof value === "string" ? didYouMean(value, words) : "";
  throw wrong(at, `${JSON.stringify(value)} is none of ${words.join(", ")}${suggestion}`);
}

function wrong(at: string, why: string, hint?: string): LuakitError {
  return new LuakitError("usage", `${at}: ${why}`, { hint });
}
