import { describe, expect, test } from "bun:test";
import { fits, holds, isEqual, partOf, withFound } from "../../src/suite/compare.ts";
import { patternHandle } from "../../src/suite/pattern.ts";
import type { Value } from "../../src/suite/value.ts";

const find = (text: string, pattern: string) => new RegExp(pattern).test(text);
const pattern = (text: string) => patternHandle.of({ text });
const table = (entries: Record<string, Value>) => new Map(Object.entries(entries));

describe("isEqual", () => {
  test.each([
    [1, 1, true],
    [1, "1", false],
    [null, false, false],
    [Number.NaN, Number.NaN, true],
    [2n ** 60n, 2n ** 60n, true],
    [[], new Map(), true],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [table({ a: [table({ b: 1 })] }), table({ a: [table({ b: 1 })] }), true],
    [table({ a: 1 }), table({ a: 1, b: 2 }), false],
    [pattern("^v"), "v1", true],
    [pattern("^v"), "1", false],
    [[pattern("a")], ["cab"], true],
  ] as [Value, Value, boolean][])("%p and %p: %p", (left, right, same) => {
    expect(isEqual(left, right, find)).toBe(same);
  });
});

test("a table fits one that has more, and false fits what is absent", () => {
  const there = table({ type: "cache", dest: "/x", env: table({ A: "1", B: "2" }) });
  expect(fits(table({ type: "cache" }), there, find)).toBe(true);
  expect(fits(table({ env: table({ A: "1" }) }), there, find)).toBe(true);
  expect(fits(table({ readonly: false }), there, find)).toBe(true);
  expect(fits(table({ readonly: true }), there, find)).toBe(false);
  expect(fits(table({ env: table({ A: "2" }) }), there, find)).toBe(false);
});

test("a list holds items in any order, by their part", () => {
  const there = [table({ name: "a", size: 1 }), table({ name: "b", size: 2 })];
  expect(holds([table({ name: "b" }), table({ name: "a" })], there, find)).toBe(true);
  expect(holds(table({ name: "b" }), there, find)).toBe(true);
  expect(holds(table({ name: "c" }), there, find)).toBe(false);
  expect(holds("ell", "hello", find)).toBe(true);
});

test("what is found takes the place of its pattern, and only what is spoken of is shown", () => {
  const expected = table({ a: pattern("^x"), b: pattern("^y") });
  const there = table({ a: "x1", b: "z", c: 3 });
  expect(withFound(expected, there, find)).toEqual(table({ a: "x1", b: pattern("^y") }));
  expect(partOf(there, expected)).toEqual(table({ a: "x1", b: "z" }));
});
