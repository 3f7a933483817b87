import { type Kind, luaType, Mismatch, tags } from "./kind.ts";
import type { Stack } from "./stack.ts";
import { readItems } from "./table.ts";

/** What plain Lua data reads as. Integers beyond 2^53 are bigints; tables with only 1..n are arrays; `{}` is an object. */
export type LuaValue = null | boolean | number | bigint | string | readonly LuaValue[] | LuaObject;

export interface LuaObject {
  readonly [key: string]: LuaValue;
}

const deepest = 128;

/** Any plain data: no functions, no handles, no cycles. `json.null` and nil read as null. */
export const luaValue: Kind<LuaValue> = {
  type: "any",
  expected: "plain data",
  accepts: tags(luaType.nil, luaType.boolean, luaType.number, luaType.string, luaType.table, luaType.lightUserdata),
  matches: (stack, slot) => stack.type(slot) <= luaType.table,
  // It is written down at once, so it does not count as kept.
  read: (stack, slot) => stack.borrow(() => readValue(stack, slot, [])),
};

function readValue(stack: Stack, slot: number, parents: readonly number[]): LuaValue {
  switch (stack.type(slot)) {
    case luaType.nil:
    case luaType.lightUserdata:
      return null;
    case luaType.boolean:
      return stack.boolean(slot);
    case luaType.number:
      return stack.integerOrFloat(slot);
    case luaType.string: {
      const value = stack.text(slot);
      if (value === undefined) throw new Mismatch("a string is not valid UTF-8");
      return value;
    }
    case luaType.table:
      return readTable(stack, slot, parents);
    default:
      throw new Mismatch(`expected plain data, got ${stack.describe(slot)}`);
  }
}

function readTable(stack: Stack, slot: number, parents: readonly number[]): LuaValue {
  const identity = stack.identity(slot);
  if (parents.includes(identity)) throw new Mismatch("the table holds itself");
  if (parents.length >= deepest) throw new Mismatch(`tables are nested more than ${deepest} deep`);
  const inside = [...parents, identity];
  if (stack.isList(slot)) {
    const items = readItems(
      stack,
      slot,
      () => "list",
      (at) => readValue(stack, at, inside),
    );
    stack.chargePart(items.length);
    return items;
  }
  const values: [string, LuaValue][] = [];
  stack.eachEntry(slot, (valueSlot) => {
    const key = stack.keyText();
    if (key === undefined)
      throw new Mismatch(`expected text keys or a list, got the key ${stack.show(stack.keySlot())}`);
    values.push([key, readValue(stack, valueSlot, inside)]);
  });
  stack.chargePart(values.length);
  return Object.fromEntries(values);
}
