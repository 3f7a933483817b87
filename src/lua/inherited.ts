import { type KindReader, luaType, Mismatch } from "./kind.ts";
import type { Stack } from "./stack.ts";

const longestChain = 100;

/**
 * Reads the options that a table lacks from where its metatable's `__index` leads, as Lua would find them: what is nearer
 * wins, and other keys there, such as methods, are none of ours. `from` is the slot of that `__index`.
 */
export function readInherited(
  stack: Stack,
  from: number,
  known: ReadonlyMap<string, KindReader<unknown>>,
  values: Record<string, unknown>,
): void {
  let slot = from;
  for (let length = 0; slot !== 0; length++) {
    if (stack.type(slot) !== luaType.table) {
      throw new Mismatch(
        `options with a ${stack.describe(slot)} as __index cannot be read`,
        "script.option",
        "copy them into a plain table",
      );
    }
    if (length >= longestChain) throw new Mismatch("the chain of __index is too long: is it a loop?", "script.option");
    readMissing(stack, slot, known, values);
    slot = stack.indexSlot(slot);
  }
}

function readMissing(
  stack: Stack,
  slot: number,
  known: ReadonlyMap<string, KindReader<unknown>>,
  values: Record<string, unknown>,
): void {
  for (let place = stack.nextEntry(slot, 0); place !== 0; place = stack.nextEntry(slot, place)) {
    const key = stack.keyText();
    const reader = key === undefined ? undefined : known.get(key);
    if (key === undefined || reader === undefined || values[key] !== undefined) continue;
    try {
      values[key] = reader.read(stack, stack.entrySlot);
    } catch (error) {
      if (error instanceof Mismatch) throw error.within(`option "${key}"`);
      throw error;
    }
  }
}
