import { expect, test } from "bun:test";
import { parseDuration } from "../../src/image/duration.ts";
import { failureOf } from "./failure.ts";

test.each([
  ["0", 0],
  ["30s", 30e9],
  ["1m30s", 90e9],
  ["1.5h", 5400e9],
  [".5s", 5e8],
  ["500ms", 5e8],
  ["2us", 2000],
  ["2µs", 2000],
  ["2μs", 2000],
  ["7ns", 7],
  ["-1s", -1e9],
  ["0.29s", 290e6],
  ["1.5ns.5ns.5ns", 1],
  ["1.5us0.0015us", 1501],
  [`0.${"9".repeat(400)}s`, 1e9],
])("%s is %d ns", (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds);
});

test.each(["", "30", "s", "1 s", "1d", "1.2.3s", "99999999h"])("%p is refused", (text) => {
  expect(failureOf(() => parseDuration(text)).code).toBe("image.config");
});
