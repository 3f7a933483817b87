import { didYouMean } from "../diagnostic/suggest.ts";
import { type Kind, luaType, Mismatch, mismatch, tags } from "./kind.ts";

/** A string of valid UTF-8. Numbers are not strings here. */
export const text: Kind<string> = {
  type: "string",
  expected: "string",
  accepts: tags(luaType.string),
  matches: (stack, slot) => stack.type(slot) === luaType.string,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.string) throw mismatch("string", stack, slot);
    const value = stack.text(slot);
    if (value === undefined) throw new Mismatch("expected text, got a string that is not valid UTF-8");
    return value;
  },
};

/** A string's bytes, whatever they are; a copy. */
export const bytes: Kind<Uint8Array> = {
  type: "string",
  expected: "string",
  accepts: tags(luaType.string),
  matches: (stack, slot) => stack.type(slot) === luaType.string,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.string) throw mismatch("string", stack, slot);
    return stack.bytes(slot);
  },
};

export const number: Kind<number> = {
  type: "number",
  expected: "number",
  accepts: tags(luaType.number),
  matches: (stack, slot) => stack.type(slot) === luaType.number,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.number) throw mismatch("number", stack, slot);
    return stack.number(slot);
  },
};

export const boolean: Kind<boolean> = {
  type: "boolean",
  expected: "boolean",
  accepts: tags(luaType.boolean),
  matches: (stack, slot) => stack.type(slot) === luaType.boolean,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.boolean) throw mismatch("boolean", stack, slot);
    return stack.boolean(slot);
  },
};

export interface IntegerRange {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number (`3.0` counts as 3) of at most 2^53 - 1 either way, within the range. */
export function integer(range: IntegerRange = {}): Kind<number> {
  const min = range.min ?? Number.MIN_SAFE_INTEGER;
  const max = range.max ?? Number.MAX_SAFE_INTEGER;
  return {
    type: "integer",
    expected: "integer",
    accepts: tags(luaType.number),
    matches: (stack, slot) => stack.type(slot) === luaType.number,
    read(stack, slot) {
      if (stack.type(slot) !== luaType.number) throw mismatch("integer", stack, slot);
      const value = stack.number(slot);
      if (!Number.isInteger(value)) throw new Mismatch(`expected integer, got ${value}`);
      if (value >= min && value <= max) return value;
      throw new Mismatch(`expected ${describeRange(range, value)}, got ${stack.integerOrFloat(slot)}`);
    },
  };
}

function describeRange({ min, max }: IntegerRange, value: number): string {
  if (min === undefined && max === undefined) return "integer that fits 53 bits";
  // The bounds that all numbers have are named only where they matter.
  const least = min ?? (value < Number.MIN_SAFE_INTEGER ? Number.MIN_SAFE_INTEGER : undefined);
  const most = max ?? (value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : undefined);
  if (most === undefined) return `integer of at least ${least}`;
  if (least === undefined) return `integer of at most ${most}`;
  return `integer from ${least} to ${most}`;
}

/** One of some words; a near miss is told. */
export function literal<const W extends readonly string[]>(...words: W): Kind<W[number]> {
  const known = new Map<string, W[number]>(words.map((word) => [word, word]));
  const quoted = words.map((word) => `"${word}"`);
  const expected = quoted.length === 1 ? `${quoted[0]}` : `one of ${quoted.join(", ")}`;
  return {
    type: quoted.join("|"),
    expected,
    accepts: tags(luaType.string),
    words,
    matches: (stack, slot) => stack.type(slot) === luaType.string && known.has(stack.text(slot) ?? ""),
    read(stack, slot) {
      if (stack.type(slot) !== luaType.string) throw mismatch(expected, stack, slot);
      const value = stack.text(slot) ?? "";
      const word = known.get(value);
      if (word === undefined) throw new Mismatch(`expected ${expected}, got "${value}"${didYouMean(value, words)}`);
      return word;
    },
  };
}
