import { type Kind, luaType, mismatch, tags } from "./kind.ts";

/** A type of opaque values that scripts pass around: State, Mount, Platform. */
export interface HandleType<T> {
  readonly name: string;
  readonly doc: string;
  /** What `tostring(value)` gives. */
  toText(value: T): string;
  /** Wraps a value so that a handler can give it to the script, alone or within lists and objects. */
  of(value: T): Handle;
  /** The wrapped value, if `handle` is of this type. */
  valueOf(handle: Handle): T | undefined;
}

/** A value on its way to or from a script, with its type. */
export class Handle {
  readonly type: HandleType<unknown>;
  readonly value: unknown;

  constructor(type: HandleType<unknown>, value: unknown) {
    this.type = type;
    this.value = value;
  }
}

export interface HandleDefinition<T> {
  readonly name: string;
  readonly doc: string;
  toText(value: T): string;
}

/** Defines a handle type; pass it to `openVm` in `handles`. */
export function defineHandle<T>(definition: HandleDefinition<T>): HandleType<T> {
  const type: HandleType<T> = {
    ...definition,
    of: (value) => new Handle(type, value),
    valueOf: (handle) => (handle.type === type ? (handle.value as T) : undefined),
  };
  return type;
}

/** The value behind a handle of this type. */
export function handle<T>(type: HandleType<T>): Kind<T> {
  return {
    type: type.name,
    expected: type.name,
    accepts: tags(luaType.userdata),
    handleName: type.name,
    matches: (stack, slot) => stack.handle(slot)?.type === type,
    read(stack, slot) {
      const found = stack.handle(slot);
      if (found === undefined || found.type !== type) throw mismatch(type.name, stack, slot);
      return found.value as T;
    },
  };
}
