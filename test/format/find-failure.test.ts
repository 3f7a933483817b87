import { expect, test } from "bun:test";
import { findFailure } from "../../src/format/find-failure.ts";

const text = "é = 1\nb = {\n  2,\n}\nc = 3\n";

/** The statement is in the text at these bytes. */
const failsAt = (from: number, to: number) => findFailure(text, ({ start, end }) => start <= from && end >= to);

test("the first line of the statement that fails is found", () => {
  expect(failsAt(0, 6)).toBe(1);
  expect(failsAt(7, 19)).toBe(2);
  expect(failsAt(20, 25)).toBe(5);
});

test("what fails without any statement, or in no part, has no line", () => {
  expect(findFailure(text, () => true)).toBeUndefined();
  expect(findFailure(text, () => false)).toBeUndefined();
});

test("of long texts few parts are tried", () => {
  let tried = 0;
  const line = findFailure("x=1\n".repeat(10_000), ({ start, end }) => {
    tried++;
    return start <= 4 * 7000 && end > 4 * 7000;
  });
  expect(line).toBe(7001);
  expect(tried).toBeLessThan(40);
});
