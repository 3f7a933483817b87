import type { ErrorCode } from "../diagnostic/code.ts";
import type { Stack } from "./stack.ts";

/** Lua's type tags, as `lua_type` gives them. */
export const luaType = {
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;

/** What a value coming from a script must be, and how it becomes a value of ours. Pure data plus two readers. */
export interface Kind<T> {
  /** The LuaLS type: `string`, `State|string`, `RunOptions`. */
  readonly type: string;
  /** What errors say that it should have been: `string`, `list of State`. */
  readonly expected: string;
  /** A set of Lua type tags (bit n for tag n) that can hold such a value at all. */
  readonly accepts: number;
  /** The kinds of the parts, for lists, maps, optional values and alternatives. */
  readonly parts?: readonly Kind<unknown>[];
  /** The keys of an options table. */
  readonly fields?: Readonly<Record<string, Field>>;
  /** The words that a literal may be. */
  readonly words?: readonly string[];
  /** The handle type of a handle's kind. */
  readonly handleName?: string;
  /** Whether the value's outside looks right; `read` may still refuse it. */
  matches(stack: Stack, slot: number): boolean;
  /** Throws `Mismatch`. */
  read(stack: Stack, slot: number): T;
  /** A kind that reads values of this Lua type alike, and asks for less: what is not needed is found out only once. */
  forTag?(tag: number): Kind<T>;
}

/** Reads values of a kind that come often. */
export class KindReader<T> {
  private readonly kind: Kind<T>;
  private readonly byTag: (Kind<T> | undefined)[] = new Array(16).fill(undefined);

  constructor(kind: Kind<T>) {
    this.kind = kind;
  }

  read(stack: Stack, slot: number): T {
    const tag = stack.type(slot);
    let kind = this.byTag[tag];
    if (kind === undefined) {
      kind = narrow(this.kind, tag);
      this.byTag[tag] = kind;
    }
    return kind.read(stack, slot);
  }
}

/** The simplest kind that reads values of a Lua type as this one does. */
export function narrow<T>(kind: Kind<T>, tag: number): Kind<T> {
  return kind.forTag?.(tag) ?? kind;
}

/** One key of an options table. */
export interface Field {
  readonly kind: Kind<unknown>;
  readonly doc: string;
  readonly required?: boolean;
}

/** The type that a kind reads. */
export type KindValue<K> = K extends Kind<infer T> ? T : never;

/** A value that is not of its kind. `path` leads to it from the outside: `option "mounts"`, `item 2`. */
export class Mismatch extends Error {
  readonly path: string[] = [];
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, code: ErrorCode = "script.argument", hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Mismatch";
    this.code = code;
    this.hint = hint;
  }

  /** Adds an outer part to the path and gives the same error. */
  within(part: string): this {
    this.path.unshift(part);
    return this;
  }

  /** `option "cwd": expected string, got number`. */
  text(): string {
    return [...this.path, this.message].join(": ");
  }
}

/** The error for a value of the wrong type. */
export function mismatch(expected: string, stack: Stack, slot: number): Mismatch {
  return new Mismatch(`expected ${expected}, got ${stack.describe(slot)}`);
}

/** Reads a part and, when it does not fit, says where it was. */
export function readPart<T>(kind: Pick<Kind<T>, "read">, stack: Stack, slot: number, part: () => string): T {
  try {
    return kind.read(stack, slot);
  } catch (error) {
    if (error instanceof Mismatch) throw error.within(part());
    throw error;
  }
}

/** The `accepts` set of some type tags. */
export function tags(...types: readonly number[]): number {
  let set = 0;
  for (const type of types) set |= 1 << type;
  return set;
}
