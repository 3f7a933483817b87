import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { parseDuration } from "../image/duration.ts";
import { isDigest, parseReference } from "../image/reference.ts";
import type { Attribute } from "./attributes.ts";
import { parseEpoch } from "./epoch.ts";

const truths = ["1", "t", "T", "TRUE", "true", "True"];
const falsehoods = ["0", "f", "F", "FALSE", "false", "False"];

/** What Go's strconv.ParseBool gives; undefined for what it refuses. */
export function parseBoolean(text: string): boolean | undefined {
  if (truths.includes(text)) return true;
  return falsehoods.includes(text) ? false : undefined;
}

/** Any text, also none. */
export const text: Attribute = { check: () => undefined };

export const someText: Attribute = { check: (value) => (value === "" ? "the value is empty" : undefined) };

/** What strconv.ParseBool takes, written `true` or `false`. */
export const boolean: Attribute = {
  check: (value) => (parseBoolean(value) === undefined ? "expected true or false" : undefined),
  normal: (value) => String(parseBoolean(value)),
};

/** A boolean that is true when its value is empty. */
export const flag: Attribute = { ...boolean, empty: "true" };

/** A decimal number of 64 bits. */
export const integer: Attribute = {
  check: (value) => (isInt64(value) ? undefined : "expected a whole number"),
};

export const positive: Attribute = {
  check: (value) =>
    isInt64(value) && BigInt(value.replace("+", "")) > 0n ? undefined : "expected a whole number of 1 or more",
};

/** Seconds since 1970; empty for none. */
export const epoch: Attribute = {
  check: (value) => (value === "" || parseEpoch(value) !== undefined ? undefined : "expected seconds since 1970-01-01"),
};

export const credential: Attribute = { check: () => undefined, secret: true };

export const digest: Attribute = {
  check: (value) => (isDigest(value) ? undefined : "expected a digest: sha256: and 64 hexadecimal digits"),
};

/** A duration in Go's notation. */
export const duration: Attribute = {
  check: (value) => problemOf(() => parseDuration(value), "expected a duration such as 10m"),
};

/** An image name by Docker's rules. */
export const reference: Attribute = {
  check: (value) => problemOf(() => parseReference(value)),
};

export const url: Attribute = {
  check: (value) => (URL.canParse(value) ? undefined : "expected a URL"),
};

export function choice(...words: readonly string[]): Attribute {
  return {
    check: (value) => {
      if (words.includes(value)) return undefined;
      return `expected ${listOf(words)}${didYouMean(value, words)}`;
    },
  };
}

/** `a, b or c` */
export function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function isInt64(value: string): boolean {
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace("+", ""));
  return number === BigInt.asIntN(64, number);
}

function problemOf(parse: () => unknown, instead?: string): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    return instead ?? error.message;
  }
}
