import { expect, test } from "bun:test";
import { formatDuration } from "../../src/graph/format-duration.ts";

test.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1000, "1.0 s"],
  [59_940, "59.9 s"],
  [59_960, "1 m 00 s"],
  [3_725_000, "62 m 05 s"],
])("%d milliseconds are %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
