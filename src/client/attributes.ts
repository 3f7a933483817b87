import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { parseCsv } from "./csv.ts";

/** One attribute that a flag's value may have. */
export interface Attribute {
  /** What is wrong with a value: `expected true or false`. */
  readonly check: (value: string) => string | undefined;
  /** What an empty value stands for; without it a value is needed. */
  readonly empty?: string;
  /** The one spelling of a value that is right. */
  readonly normal?: (value: string) => string;
  /** The value is a credential and must not be shown. */
  readonly secret?: true;
}

export type AttributeTable = Readonly<Record<string, Attribute>>;

const secretName = /token|secret|password|key/;

/**
 * `type=local,dest=out` as a map, in the order given. Keys are lower case, but for what follows `annotation`, unless `keyOf`
 * has another way. Throws "usage" for a field without `=` and for a key that is given twice.
 */
export function parseAttributes(flag: string, text: string, keyOf = lowerKey): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of parseCsv(flag, text)) {
    const equals = field.indexOf("=");
    if (equals < 0) throw notPair(flag, field, secretName.test(text));
    const key = keyOf(field.slice(0, equals).trim());
    if (key === "") throw new LuakitError("usage", `--${flag}: a field has no name before its =`);
    if (found.has(key)) {
      const hint = key === "name" ? `write several names as one field: '"name=a,b"'` : undefined;
      throw new LuakitError("usage", `--${flag}: "${key}" is given twice`, { hint });
    }
    found.set(key, field.slice(equals + 1));
  }
  return found;
}

/** The attributes with empty values filled in. Throws "usage" for one that `table` does not have, or a wrong value. */
export function checkAttributes(
  flag: string,
  owner: string,
  attributes: ReadonlyMap<string, string>,
  table: AttributeTable,
): Map<string, string> {
  const checked = new Map<string, string>();
  for (const [key, value] of attributes) {
    const attribute = Object.hasOwn(table, key) ? table[key] : undefined;
    if (attribute === undefined) throw unknownAttribute(flag, owner, key, table);
    checked.set(key, checkValue(flag, key, value, attribute));
  }
  return checked;
}

/** Throws "usage" for an attribute that is not there or is empty. */
export function needAttribute(
  flag: string,
  owner: string,
  attributes: ReadonlyMap<string, string>,
  key: string,
): string {
  const value = attributes.get(key);
  if (value !== undefined && value !== "") return value;
  throw new LuakitError("usage", `--${flag}: ${owner} needs ${key}=`);
}

/** An object with sorted keys, as it goes over the wire. */
export function sortedRecord(attributes: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lowerKey(text: string): string {
  return /^annotation\b/i.test(text) ? text.replace(/^annotation/i, "annotation") : text.toLowerCase();
}

function checkValue(flag: string, key: string, value: string, attribute: Attribute): string {
  if (value === "" && attribute.empty !== undefined) return attribute.empty;
  const problem = attribute.check(value);
  if (problem === undefined) return attribute.normal?.(value) ?? value;
  const shown = attribute.secret || value === "" ? `"${key}"` : `"${key}=${value}"`;
  throw new LuakitError("usage", `--${flag}: ${shown}: ${problem}`);
}

function unknownAttribute(flag: string, owner: string, key: string, table: AttributeTable): LuakitError {
  const names = Object.keys(table);
  const suggestion = didYouMean(key, names);
  const hint = names.length === 0 || suggestion !== "" ? undefined : `it takes ${names.join(", ")}`;
  return new LuakitError("usage", `--${flag}: ${owner} has no attribute "${key}"${suggestion}`, { hint });
}

function notPair(flag: string, field: string, secret: boolean): LuakitError {
  const what = field === "" || secret ? "a field" : `"${field}"`;
  return new LuakitError("usage", `--${flag}: ${what} is not NAME=VALUE`, {
    hint: `a value that has commas goes in double quotes: '"name=a,b"'`,
  });
}
