import { expect, test } from "bun:test";
import { clockAhead, shiftTime, shiftTimes } from "../../src/progress/shift-times.ts";
import { at, log, status, vertex, warning } from "./messages.ts";

test("times move over seconds, both ways", () => {
  expect(shiftTime({ seconds: 10, nanos: 900_000_000 }, 200)).toEqual({ seconds: 11, nanos: 100_000_000 });
  expect(shiftTime({ seconds: 10, nanos: 100_000_000 }, -1200)).toEqual({ seconds: 8, nanos: 900_000_000 });
});

test("all times of a message move, and absent ones stay absent", () => {
  expect(shiftTimes(vertex("a", 1), 500)).toEqual(vertex("a", 1.5));
  expect(shiftTimes(vertex("a", 1, 2), 500)).toEqual(vertex("a", 1.5, 2.5));
  expect(shiftTimes(status("a", "x", 1, { completed: 2 }), 500)).toEqual(status("a", "x", 1.5, { completed: 2.5 }));
  expect(shiftTimes(log("a", 1, "hi"), 500)).toEqual(log("a", 1.5, "hi"));
  expect(shiftTimes(warning("a", "w"), 500)).toEqual(warning("a", "w"));
});

test("a clock is known from the first vertex that starts", () => {
  expect(clockAhead(vertex("a"), 0)).toBeUndefined();
  expect(clockAhead(vertex("a", 5), at(3).seconds * 1000)).toBe(2000);
});
