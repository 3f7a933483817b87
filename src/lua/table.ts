import { didYouMean } from "../diagnostic/suggest.ts";
import { type Field, type Kind, luaType, Mismatch, mismatch, readPart, tags } from "./kind.ts";
import type { Stack } from "./stack.ts";

/** A sequence without holes; other keys are refused. */
export function list<T>(item: Kind<T>, limits: { readonly min?: number } = {}): Kind<readonly T[]> {
  const min = limits.min ?? 0;
  const expected = `list of ${item.expected}`;
  return {
    type: /[|]/.test(item.type) ? `(${item.type})[]` : `${item.type}[]`,
    expected,
    accepts: tags(luaType.table),
    parts: [item],
    matches: (stack, index) => stack.type(index) === luaType.table && (stack.isList(index) || stack.isEmpty(index)),
    read(stack, index) {
      if (stack.type(index) !== luaType.table) throw mismatch(expected, stack, index);
      const values = readItems(stack, index, expected, (at, position) =>
        readPart(item, stack, at, () => `item ${position}`),
      );
      if (values.length < min) {
        throw new Mismatch(`expected at least ${min} ${min === 1 ? "item" : "items"}, got ${values.length}`);
      }
      return values;
    },
  };
}

/** Reads a sequence in one walk, which comes in order but for tables filled in odd ways. */
export function readItems<T>(
  stack: Stack,
  index: number,
  expected: string,
  read: (at: number, position: number) => T,
): T[] {
  const values: T[] = [];
  const late = new Map<number, T>();
  stack.eachEntry(index, (keyIndex) => {
    const position = stack.type(keyIndex) === luaType.number ? stack.number(keyIndex) : 0;
    if (!Number.isInteger(position) || position < 1) {
      throw new Mismatch(`expected ${expected}, got a table with the key ${stack.show(keyIndex)}`);
    }
    const value = read(keyIndex + 1, position);
    if (position === values.length + 1) values.push(value);
    else late.set(position, value);
  });
  for (let value = late.get(values.length + 1); value !== undefined; value = late.get(values.length + 1)) {
    late.delete(values.length + 1);
    values.push(value);
  }
  if (late.size > 0) throw new Mismatch(`expected ${expected}, got one with a hole at ${values.length + 1}`);
  return values;
}

/** A table with text keys, in the order of the keys' bytes. */
export function map<T>(value: Kind<T>): Kind<ReadonlyMap<string, T>> {
  const expected = `table of ${value.expected}`;
  return {
    type: `table<string, ${value.type}>`,
    expected,
    accepts: tags(luaType.table),
    parts: [value],
    matches: (stack, index) => stack.type(index) === luaType.table && !stack.isList(index),
    read(stack, index) {
      if (stack.type(index) !== luaType.table) throw mismatch(expected, stack, index);
      const entries: [string, T][] = [];
      stack.eachEntry(index, (keyIndex) => {
        if (stack.type(keyIndex) !== luaType.string)
          throw new Mismatch(`expected text keys, got ${stack.show(keyIndex)}`);
        const key = stack.text(keyIndex);
        if (key === undefined) throw new Mismatch("expected text keys, got one that is not valid UTF-8");
        entries.push([key, readPart(value, stack, keyIndex + 1, () => `key "${key}"`)]);
      });
      if (entries.length > 1) entries.sort(([left], [right]) => compareBytes(left, right));
      return new Map(entries);
    },
  };
}

/** Orders strings by code point, which is the order of their UTF-8 bytes. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return surrogateLast(a) - surrogateLast(b);
  }
  return left.length - right.length;
}

function surrogateLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

type RequiredKeys<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F];
type FieldValue<F> = F extends { readonly kind: Kind<infer T> } ? T : never;

/** What an options table reads as: required keys are there, all others may be absent. */
export type OptionsOf<F> = { readonly [K in RequiredKeys<F>]: FieldValue<F[K]> } & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: FieldValue<F[K]>;
};

/** A table with these keys and no others; an unknown key is answered with the nearest known one. */
export function options<const F extends Readonly<Record<string, Field>>>(
  fields: F,
  named: { readonly type?: string } = {},
): Kind<OptionsOf<F>> {
  const known = new Map(Object.entries(fields));
  const required = Object.keys(fields).filter((key) => fields[key]?.required === true);
  return {
    type: named.type ?? "table",
    expected: "options table",
    accepts: tags(luaType.table),
    fields,
    matches: (stack, index) => stack.type(index) === luaType.table && !stack.isList(index),
    read(stack, index) {
      if (stack.type(index) !== luaType.table) throw mismatch("options table", stack, index);
      const values: Record<string, unknown> = {};
      stack.eachEntry(index, (keyIndex) => readOption(stack, keyIndex, known, values));
      for (const key of required) {
        if (values[key] === undefined) throw new Mismatch(`option "${key}" is required`, "script.option");
      }
      return values as OptionsOf<F>;
    },
  };
}

function readOption(
  stack: Stack,
  keyIndex: number,
  known: ReadonlyMap<string, Field>,
  values: Record<string, unknown>,
): void {
  const key = stack.key(keyIndex);
  const field = key === undefined ? undefined : known.get(key);
  if (key === undefined || field === undefined) throw unknownOption(stack, keyIndex, key, known);
  try {
    values[key] = field.kind.read(stack, keyIndex + 1);
  } catch (error) {
    if (error instanceof Mismatch) throw error.within(`option "${key}"`);
    throw error;
  }
}

function unknownOption(
  stack: Stack,
  keyIndex: number,
  key: string | undefined,
  known: ReadonlyMap<string, Field>,
): Mismatch {
  if (key !== undefined)
    return new Mismatch(`unknown option "${key}"${didYouMean(key, known.keys())}`, "script.option");
  const value = stack.show(keyIndex + 1);
  return new Mismatch(`expected options by name, got ${value} at position ${stack.show(keyIndex)}`, "script.option");
}
