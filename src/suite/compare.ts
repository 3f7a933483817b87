import { type FindPattern, patternOf } from "./pattern.ts";
import { isFunction, isHandle, isList, isMap, type Value } from "./value.ts";

/** Whether two values are the same: tables by what they hold, a Pattern with every text in which it is found. */
export function isEqual(expected: Value, actual: Value, find: FindPattern): boolean {
  const pattern = patternOf(expected);
  if (pattern !== undefined && typeof actual === "string") return find(actual, pattern.text);
  if (isEmpty(expected) && isEmpty(actual)) return true;
  if (isList(expected)) {
    if (!isList(actual) || actual.length !== expected.length) return false;
    return expected.every((item, at) => isEqual(item, actual[at] ?? null, find));
  }
  if (isMap(expected)) {
    if (!isMap(actual) || actual.size !== expected.size) return false;
    return [...expected].every(([key, item]) => actual.has(key) && isEqual(item, actual.get(key) ?? null, find));
  }
  return isSame(expected, actual);
}

/** Whether a value holds what is expected: a text another text, a list each item somewhere, a table each key. */
export function holds(expected: Value, actual: Value, find: FindPattern): boolean {
  if (typeof expected === "string" && typeof actual === "string") return actual.includes(expected);
  if (isList(actual)) {
    const wanted = isList(expected) ? expected : [expected];
    return wanted.every((item) => actual.some((each) => fits(item, each, find)));
  }
  return fits(expected, actual, find);
}

/** As isEqual, but a table may have more keys than are expected, and a key that is `false` may be absent. */
export function fits(expected: Value, actual: Value, find: FindPattern): boolean {
  if (isMap(expected) && (isMap(actual) || isEmpty(actual))) {
    const entries: ReadonlyMap<string, Value> = isMap(actual) ? actual : new Map();
    return [...expected].every(([key, item]) => fitsKey(item, entries.get(key), find));
  }
  if (isList(expected) && isList(actual) && expected.length === actual.length && expected.length > 0) {
    return expected.every((item, at) => fits(item, actual[at] ?? null, find));
  }
  return isEqual(expected, actual, find);
}

function fitsKey(expected: Value, actual: Value | undefined, find: FindPattern): boolean {
  if (actual === undefined) return expected === false;
  return fits(expected, actual, find);
}

function isSame(left: Value, right: Value): boolean {
  if (isHandle(left)) return isHandle(right) && left.type === right.type && left.value === right.value;
  if (isFunction(left)) return isFunction(right) && left.identity === right.identity;
  return left === right || (typeof left === "number" && Number.isNaN(left) && Number.isNaN(right));
}

function isEmpty(value: Value): boolean {
  return (isList(value) && value.length === 0) || (isMap(value) && value.size === 0);
}

/** What is expected with each Pattern that is found replaced by the text, so that a diff shows only differences. */
export function withFound(expected: Value, actual: Value | undefined, find: FindPattern): Value {
  const pattern = patternOf(expected);
  if (pattern !== undefined) return typeof actual === "string" && find(actual, pattern.text) ? actual : expected;
  if (isList(expected)) {
    const items = actual !== undefined && isList(actual) ? actual : [];
    return expected.map((item, at) => withFound(item, items[at], find));
  }
  if (!isMap(expected)) return expected;
  const known = actual !== undefined && isMap(actual) ? actual : new Map<string, Value>();
  return new Map([...expected].map(([key, item]) => [key, withFound(item, known.get(key), find)]));
}

/** The part of a value that is spoken of: of tables, only the expected keys. */
export function partOf(actual: Value, expected: Value): Value {
  if (!isMap(expected) || !isMap(actual)) return actual;
  const known = [...expected].flatMap(([key, item]) => {
    const value = actual.get(key);
    return value === undefined ? [] : [[key, partOf(value, item)] as const];
  });
  return new Map(known);
}
