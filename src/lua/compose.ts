import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Kind, type KindValue, luaType, Mismatch, mismatch, narrow, tags } from "./kind.ts";
import type { Stack } from "./stack.ts";

const absent = tags(luaType.nil);

const nothing: Kind<undefined> = {
  type: "nil",
  expected: "nil",
  accepts: absent,
  matches: (stack, slot) => stack.type(slot) === luaType.nil,
  read: () => undefined,
};

// What kinds say of themselves is put together when it is asked for: most scripts end before anybody asks.

/** The value, or undefined for nil and for an argument that was left out. */
export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    get type() {
      return kind.type.endsWith("?") ? kind.type : kind.type.includes("|") ? `(${kind.type})?` : `${kind.type}?`;
    },
    get expected() {
      return kind.expected;
    },
    accepts: kind.accepts | absent,
    parts: [kind],
    matches: (stack, slot) => stack.type(slot) === luaType.nil || kind.matches(stack, slot),
    read: (stack, slot) => (stack.type(slot) === luaType.nil ? undefined : kind.read(stack, slot)),
    forTag: (tag) => (tag === luaType.nil ? nothing : narrow(kind, tag)),
  };
}

/** The first alternative that fits. Where only one can hold the value's Lua type, its own error is told. */
export function oneOf<const K extends readonly Kind<unknown>[]>(...kinds: K): Kind<KindValue<K[number]>> {
  const expected = () => joinWords([...new Set(kinds.map((kind) => kind.expected))]);
  let accepts = 0;
  for (const kind of kinds) accepts |= kind.accepts;
  const ableByTag: (readonly Kind<unknown>[] | undefined)[] = [];
  return {
    get type() {
      return [...new Set(kinds.map((kind) => kind.type))].join("|");
    },
    get expected() {
      return expected();
    },
    accepts,
    parts: kinds,
    matches: (stack, slot) => kinds.some((kind) => kind.matches(stack, slot)),
    read(stack, slot) {
      const tag = stack.type(slot);
      let able = ableByTag[tag];
      if (able === undefined) {
        able = kinds.filter((kind) => (kind.accepts & (1 << tag)) !== 0);
        ableByTag[tag] = able;
      }
      const first = able[0];
      if (first === undefined) throw mismatch(expected(), stack, slot);
      const value = able.length === 1 ? first.read(stack, slot) : readOneOf(able, expected, stack, slot);
      return value as KindValue<K[number]>;
    },
    forTag(tag) {
      const [only, ...others] = kinds.filter((kind) => (kind.accepts & (1 << tag)) !== 0);
      if (only === undefined || others.length > 0) return this;
      return narrow(only, tag) as Kind<KindValue<K[number]>>;
    },
  };
}

/** Tries the alternatives that look right from outside; the last one's error is told when none reads. */
function readOneOf(kinds: readonly Kind<unknown>[], expected: () => string, stack: Stack, slot: number): unknown {
  let failure: Mismatch | undefined;
  for (const kind of kinds) {
    if (!kind.matches(stack, slot)) continue;
    try {
      return kind.read(stack, slot);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      failure = error;
    }
  }
  throw failure ?? mismatch(expected(), stack, slot);
}

function joinWords(words: readonly string[]): string {
  return words.length < 3 ? words.join(" or ") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** A kind on top of another: `parse` makes the value, and throws `LuakitError` with the cause when it cannot. */
export function refine<T, U>(
  kind: Kind<T>,
  named: { readonly type?: string; readonly expected?: string },
  parse: (value: T) => U,
): Kind<U> {
  return {
    get type() {
      return named.type ?? kind.type;
    },
    get expected() {
      return named.expected ?? kind.expected;
    },
    accepts: kind.accepts,
    parts: [kind],
    matches: (stack, slot) => kind.matches(stack, slot),
    read(stack, slot) {
      if (named.expected !== undefined && (kind.accepts & (1 << stack.type(slot))) === 0) {
        throw mismatch(named.expected, stack, slot);
      }
      return parsed(kind, parse, stack, slot);
    },
    forTag(tag) {
      if ((kind.accepts & (1 << tag)) === 0) return this;
      const inner = narrow(kind, tag);
      return { ...refine(inner, named, parse), read: (stack, slot) => parsed(inner, parse, stack, slot) };
    },
  };
}

function parsed<T, U>(kind: Kind<T>, parse: (value: T) => U, stack: Stack, slot: number): U {
  const value = kind.read(stack, slot);
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof LuakitError) throw new Mismatch(error.message, error.code, error.hint, error);
    throw error;
  }
}
