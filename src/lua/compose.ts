import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Kind, type KindValue, luaType, Mismatch, mismatch, tags } from "./kind.ts";
import type { Stack } from "./stack.ts";

const absent = tags(luaType.nil);

/** The value, or undefined for nil and for an argument that was left out. */
export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    type: kind.type.endsWith("?") ? kind.type : /[|]/.test(kind.type) ? `(${kind.type})?` : `${kind.type}?`,
    expected: kind.expected,
    accepts: kind.accepts | absent,
    parts: [kind],
    matches: (stack, index) => stack.type(index) <= luaType.nil || kind.matches(stack, index),
    read: (stack, index) => (stack.type(index) <= luaType.nil ? undefined : kind.read(stack, index)),
  };
}

/** The first alternative that fits. Where only one can hold the value's Lua type, its own error is told. */
export function oneOf<const K extends readonly Kind<unknown>[]>(...kinds: K): Kind<KindValue<K[number]>> {
  const expected = joinWords([...new Set(kinds.map((kind) => kind.expected))]);
  const accepts = kinds.reduce((set, kind) => set | kind.accepts, 0);
  return {
    type: [...new Set(kinds.map((kind) => kind.type))].join("|"),
    expected,
    accepts,
    parts: kinds,
    matches: (stack, index) => kinds.some((kind) => kind.matches(stack, index)),
    read(stack, index) {
      const tag = 1 << Math.max(stack.type(index), luaType.nil);
      if ((accepts & tag) === 0) throw mismatch(expected, stack, index);
      let able: Kind<unknown> | undefined;
      for (const kind of kinds) {
        if ((kind.accepts & tag) === 0) continue;
        if (able !== undefined) return readOneOf(kinds, expected, stack, index) as KindValue<K[number]>;
        able = kind;
      }
      return able?.read(stack, index) as KindValue<K[number]>;
    },
  };
}

/** Tries the alternatives that look right from outside; the last one's error is told when none reads. */
function readOneOf(kinds: readonly Kind<unknown>[], expected: string, stack: Stack, index: number): unknown {
  let failure: Mismatch | undefined;
  for (const kind of kinds) {
    if (!kind.matches(stack, index)) continue;
    const top = stack.top();
    try {
      return kind.read(stack, index);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      stack.setTop(top);
      failure = error;
    }
  }
  throw failure ?? mismatch(expected, stack, index);
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
  const expected = named.expected ?? kind.expected;
  return {
    type: named.type ?? kind.type,
    expected,
    accepts: kind.accepts,
    parts: [kind],
    matches: (stack, index) => kind.matches(stack, index),
    read(stack, index) {
      if ((kind.accepts & (1 << Math.max(stack.type(index), 0))) === 0) throw mismatch(expected, stack, index);
      const value = kind.read(stack, index);
      try {
        return parse(value);
      } catch (error) {
        if (error instanceof LuakitError) throw new Mismatch(error.message, error.code, error.hint, error);
        throw error;
      }
    },
  };
}
