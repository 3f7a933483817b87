import type { LuaFunction } from "../lua/callback.ts";
import { Handle } from "../lua/handle.ts";
import { type Kind, luaType, Mismatch, tags } from "../lua/kind.ts";
import type { Stack } from "../lua/stack.ts";

/** Any Lua value as tests compare it. A table with only 1..n is a list, any other one a map; `{}` is a list. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | Handle
  | FunctionValue;

/** A function of the test, as something that is not looked into. */
export interface FunctionValue {
  readonly call: LuaFunction;
  /** The same for one and the same function, which the call keeps alive. */
  readonly identity: number;
}

const deepest = 64;

/** Any value but coroutines; tables are read whole. */
export const anyValue: Kind<Value> = {
  type: "any",
  expected: "value",
  accepts: tags(...Object.values(luaType)),
  matches: () => true,
  read: (stack, slot) => readValue(stack, slot, []),
};

function readValue(stack: Stack, slot: number, parents: readonly number[]): Value {
  switch (stack.type(slot)) {
    case luaType.nil:
    case luaType.lightUserdata:
      return null;
    case luaType.boolean:
      return stack.boolean(slot);
    case luaType.number:
      return stack.integerOrFloat(slot);
    case luaType.string:
      return stack.text(slot) ?? textOfBytes(stack.bytes(slot));
    case luaType.table:
      return readTable(stack, slot, parents);
    case luaType.function:
      return { identity: stack.identity(slot), call: stack.callback(slot) };
    default: {
      const handle = stack.handle(slot);
      if (handle === undefined) throw new Mismatch(`a ${stack.describe(slot)} cannot be compared`);
      return handle;
    }
  }
}

/** Bytes that are no UTF-8 as what no text has: half a surrogate pair each. */
function textOfBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return text.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

function readTable(stack: Stack, slot: number, parents: readonly number[]): Value {
  const identity = stack.identity(slot);
  if (parents.includes(identity)) throw new Mismatch("the table holds itself");
  if (parents.length >= deepest) throw new Mismatch(`tables are nested more than ${deepest} deep`);
  const inside = [...parents, identity];
  const entries: [string | number, Value][] = [];
  stack.eachEntry(slot, (valueSlot) => {
    const key = readKey(stack);
    entries.push([key, readValue(stack, valueSlot, inside)]);
  });
  entries.sort(([left], [right]) => compareKeys(left, right));
  if (entries.every(([key], at) => key === at + 1)) return entries.map(([, value]) => value);
  return new Map(entries.map(([key, value]) => [typeof key === "number" ? `[${key}]` : key, value]));
}

function readKey(stack: Stack): string | number {
  const text = stack.keyText();
  if (text !== undefined) return text;
  const slot = stack.keySlot();
  return stack.type(slot) === luaType.number ? stack.number(slot) : `[${stack.show(slot)}]`;
}

function compareKeys(left: string | number, right: string | number): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
  return left < right ? -1 : 1;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

export function isHandle(value: Value): value is Handle {
  return value instanceof Handle;
}

export function isFunction(value: Value): value is FunctionValue {
  return typeof value === "object" && value !== null && "call" in value && !(value instanceof Handle);
}
