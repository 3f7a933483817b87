import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Kind, type KindValue, luaType, mismatch, tags } from "./kind.ts";
import type { CallPosition } from "./position.ts";

/** The results of a callback, typed by the kinds that read them. */
export type CallbackResults<K extends readonly Kind<unknown>[]> = { -readonly [I in keyof K]: KindValue<K[I]> };

/** A function of the script, kept alive for as long as the VM is. */
export interface LuaFunction {
  /** Calls it with pushable values (handles through `HandleType.of`) and reads its results; its errors pass through. */
  call<const K extends readonly Kind<unknown>[]>(args: readonly unknown[], results: K): CallbackResults<K>;
  /** Calls it and gives the error that it ends with; what no script can catch, such as its limits, is thrown. */
  attempt(args: readonly unknown[]): LuakitError | undefined;
  /** The line where the function begins. */
  definedAt(): CallPosition | undefined;
}

/** A function of the script. */
export const callback: Kind<LuaFunction> = {
  type: "function",
  expected: "function",
  accepts: tags(luaType.function),
  matches: (stack, slot) => stack.type(slot) === luaType.function,
  read(stack, slot) {
    if (stack.type(slot) !== luaType.function) throw mismatch("function", stack, slot);
    return stack.callback(slot);
  },
};

/** The kind `callback` with the function's own LuaLS type: `fun(f: Files)`. */
export function callbackOf(type: string): Kind<LuaFunction> {
  return { ...callback, type };
}
