import { didYouMean } from "../diagnostic/suggest.ts";
import { readInherited } from "./inherited.ts";
import { type Field, type Kind, KindReader, luaType, Mismatch, mismatch, readPart, tags } from "./kind.ts";
import type { Stack } from "./stack.ts";

/** A sequence without holes; other keys are refused. */
export function list<T>(item: Kind<T>, limits: { readonly min?: number } = {}): Kind<readonly T[]> {
  const min = limits.min ?? 0;
  const expected = () => `list of ${item.expected}`;
  const reader = new KindReader(item);
  return {
    get type() {
      return item.type.includes("|") ? `(${item.type})[]` : `${item.type}[]`;
    },
    get expected() {
      return expected();
    },
    accepts: tags(luaType.table),
    parts: [item],
    matches: (stack, slot) => stack.type(slot) === luaType.table && (stack.isList(slot) || stack.isEmpty(slot)),
    read(stack, slot) {
      if (stack.type(slot) !== luaType.table) throw mismatch(expected(), stack, slot);
      const values = readItems(stack, slot, expected, (at, position) =>
        readPart(reader, stack, at, () => `item ${position}`),
      );
      stack.chargeItems(values.length);
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
  slot: number,
  expected: () => string,
  read: (at: number, position: number) => T,
): T[] {
  const values: T[] = [];
  let late: Map<number, T> | undefined;
  for (let place = stack.nextEntry(slot, 0); place !== 0; place = stack.nextEntry(slot, place)) {
    const valueSlot = stack.entrySlot;
    const keySlot = stack.keySlot();
    const position = stack.type(keySlot) === luaType.number ? stack.number(keySlot) : 0;
    if (!Number.isInteger(position) || position < 1) {
      throw new Mismatch(`expected ${expected()}, got a table with the key ${stack.show(keySlot)}`);
    }
    const value = read(valueSlot, position);
    if (position === values.length + 1) values.push(value);
    else {
      late ??= new Map();
      late.set(position, value);
    }
  }
  if (late !== undefined) addLate(values, late, expected);
  return values;
}

/** Adds what came out of order. */
function addLate<T>(values: T[], late: Map<number, T>, expected: () => string): void {
  for (let value = late.get(values.length + 1); value !== undefined; value = late.get(values.length + 1)) {
    late.delete(values.length + 1);
    values.push(value);
  }
  if (late.size > 0) throw new Mismatch(`expected ${expected()}, got one with a hole at ${values.length + 1}`);
}

/** A table with text keys, in the order of the keys' bytes. */
export function map<T>(value: Kind<T>): Kind<ReadonlyMap<string, T>> {
  const expected = () => `table of ${value.expected}`;
  const reader = new KindReader(value);
  return {
    get type() {
      return `table<string, ${value.type}>`;
    },
    get expected() {
      return expected();
    },
    accepts: tags(luaType.table),
    parts: [value],
    matches: (stack, slot) => stack.type(slot) === luaType.table && !stack.isList(slot),
    read(stack, slot) {
      if (stack.type(slot) !== luaType.table) throw mismatch(expected(), stack, slot);
      const entries = new Map<string, T>();
      let last = "";
      let sorted = true;
      let key: string | undefined;
      try {
        for (let place = stack.nextEntry(slot, 0); place !== 0; place = stack.nextEntry(slot, place)) {
          key = undefined;
          const name = readKey(stack);
          key = name;
          entries.set(name, reader.read(stack, stack.entrySlot));
          if (place > 1) sorted &&= compareBytes(last, name) <= 0;
          last = name;
        }
      } catch (error) {
        if (error instanceof Mismatch && key !== undefined) throw error.within(`key "${key}"`);
        throw error;
      }
      stack.chargeItems(entries.size);
      return sorted ? entries : new Map([...entries].sort(byKey));
    },
  };
}

function byKey(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return compareBytes(left[0], right[0]);
}

function readKey(stack: Stack): string {
  const key = stack.keyText();
  if (key !== undefined) return key;
  const slot = stack.keySlot();
  if (stack.type(slot) !== luaType.string) throw new Mismatch(`expected text keys, got ${stack.show(slot)}`);
  throw new Mismatch("expected text keys, got one that is not valid UTF-8");
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
  named: {
    readonly type?: string;
    /** What is left out is there, and undefined: so all values have one shape, which is faster where there are many. */
    readonly complete?: boolean;
  } = {},
): Kind<OptionsOf<F>> {
  // Most scripts use few of the functions, so these are made for those that are used.
  let known: ReadonlyMap<string, KindReader<unknown>> | undefined;
  let required: readonly string[] | undefined;
  let blank: Readonly<Record<string, unknown>> | undefined;
  return {
    type: named.type ?? "table",
    expected: "options table",
    accepts: tags(luaType.table),
    fields,
    matches: (stack, slot) => stack.type(slot) === luaType.table && !stack.isList(slot),
    read(stack, slot) {
      if (stack.type(slot) !== luaType.table) throw mismatch("options table", stack, slot);
      known ??= new Map(Object.entries(fields).map(([key, { kind }]) => [key, new KindReader(kind)]));
      required ??= Object.keys(fields).filter((key) => fields[key]?.required === true);
      blank ??= named.complete === true ? Object.fromEntries(Object.keys(fields).map((key) => [key, undefined])) : {};
      const values = readFields(stack, slot, known, { ...blank });
      if (required.length > 0) checkRequired(values, required);
      return values as OptionsOf<F>;
    },
  };
}

function checkRequired(values: Readonly<Record<string, unknown>>, required: readonly string[]): void {
  for (const key of required) {
    if (values[key] === undefined) throw new Mismatch(`option "${key}" is required`, "script.option");
  }
}

function readFields(
  stack: Stack,
  slot: number,
  known: ReadonlyMap<string, KindReader<unknown>>,
  values: Record<string, unknown>,
): Record<string, unknown> {
  let reading: string | undefined;
  try {
    for (let place = stack.nextEntry(slot, 0); place !== 0; place = stack.nextEntry(slot, place)) {
      const key = stack.keyText();
      const reader = key === undefined ? undefined : known.get(key);
      reading = reader === undefined ? undefined : key;
      if (key === undefined || reader === undefined) throw unknownOption(stack, stack.entrySlot, key, known);
      values[key] = reader.read(stack, stack.entrySlot);
    }
  } catch (error) {
    if (error instanceof Mismatch && reading !== undefined) throw error.within(`option "${reading}"`);
    throw error;
  }
  const outer = stack.indexSlot(slot);
  if (outer !== 0) readInherited(stack, outer, known, values);
  return values;
}

function unknownOption(
  stack: Stack,
  valueSlot: number,
  key: string | undefined,
  known: ReadonlyMap<string, unknown>,
): Mismatch {
  if (key !== undefined)
    return new Mismatch(`unknown option "${key}"${didYouMean(key, known.keys())}`, "script.option");
  const value = stack.show(valueSlot);
  return new Mismatch(
    `expected options by name, got ${value} at position ${stack.show(stack.keySlot())}`,
    "script.option",
  );
}
