import { expect, test } from "bun:test";
import { parseTime } from "../../../src/api/kinds/time.ts";

test.each([
  ["1970-01-01T00:00:00Z", 0n],
  ["2024-01-31T12:00:00Z", 1_706_702_400_000_000_000n],
  ["2024-01-31T13:00:00+01:00", 1_706_702_400_000_000_000n],
  ["2024-02-29T00:00:00.000000001Z", 1_709_164_800_000_000_001n],
])("%s", (text, nanoseconds) => {
  expect(parseTime(text)).toBe(nanoseconds);
});

test.each(["", "2024-01-31", "2024-02-30T00:00:00Z", "2024-01-31T25:00:00Z", "1969-12-31T23:59:59Z", "now"])(
  '"%s" is no time',
  (text) => {
    expect(() => parseTime(text)).toThrow("is not a time since 1970");
  },
);
