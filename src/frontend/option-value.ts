import { parseBoolean } from "../client/attribute-checks.ts";
import { parseCsv } from "../client/csv.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The options that a client gives a frontend, by name. An empty one mostly counts as none. */
export type RawOptions = ReadonlyMap<string, string>;

/** The error of an option that cannot be what it is. */
export function refuseOption(name: string, problem: string, hint?: string): LuakitError {
  return new LuakitError("usage", `option "${name}": ${problem}`, { hint });
}

/** What Go's strconv.ParseBool takes; undefined for none. */
export function booleanOption(options: RawOptions, name: string): boolean | undefined {
  const text = options.get(name) ?? "";
  const value = parseBoolean(text);
  if (value === undefined && text !== "") throw refuseOption(name, `expected true or false, got "${text}"`);
  return value;
}

export interface IntegerRange {
  readonly least: number;
  /** A value below `least` that has a meaning of its own. */
  readonly special?: number;
}

/** A decimal number; undefined for none. */
export function integerOption(options: RawOptions, name: string, range: IntegerRange): number | undefined {
  const text = options.get(name) ?? "";
  if (text === "") return undefined;
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && (value >= range.least || value === range.special)) return value;
  const special = range.special === undefined ? "" : `, or ${range.special}`;
  throw refuseOption(name, `expected a whole number of ${range.least} or more${special}, got "${text}"`);
}

/** One of some words; undefined for none. */
export function wordOption<const T extends string>(
  options: RawOptions,
  name: string,
  words: readonly T[],
): T | undefined {
  const text = options.get(name) ?? "";
  const word = words.find((each) => each === text);
  if (word === undefined && text !== "") throw refuseOption(name, `expected ${words.join(", ")}, got "${text}"`);
  return word;
}

/** The pairs of a line `name=value,name=value`, in its order. */
export function pairsOption(options: RawOptions, name: string): readonly (readonly [string, string])[] {
  const text = options.get(name) ?? "";
  if (text === "") return [];
  return fieldsOf(name, text).map((field) => {
    const equals = field.indexOf("=");
    if (equals < 0) throw refuseOption(name, `expected name=value, got "${field}"`);
    return [field.slice(0, equals), field.slice(equals + 1)] as const;
  });
}

function fieldsOf(name: string, text: string): readonly string[] {
  try {
    return parseCsv(name, text);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw refuseOption(name, error.message.replace(`--${name}: `, ""), error.hint);
  }
}

/** What a check of another room says of an option's value, under the option's name. */
export function checkedOption<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw refuseOption(name, error.message.replace(/^\w+: /, ""), error.hint);
  }
}

/** Those of the options that are given, by name. */
export function chooseOptions(options: RawOptions, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = options.get(name) ?? "";
      return value === "" ? [] : [[name, value] as const];
    }),
  );
}

/** The options that start with a prefix, without it. */
export function withPrefix(options: RawOptions, prefix: string): ReadonlyMap<string, string> {
  const found = [...options].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
}
