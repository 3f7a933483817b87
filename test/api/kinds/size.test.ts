import { expect, test } from "bun:test";
import { parseSize } from "../../../src/api/kinds/size.ts";

test.each([
  ["0", 0],
  ["1024", 1024],
  ["64m", 64 << 20],
  ["64MB", 64 << 20],
  ["64 MiB", 64 << 20],
  ["1.5g", 1.5 * 2 ** 30],
  ["512KB", 512 << 10],
  ["10b", 10],
])("%s", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "MB", "-1", "64 bananas", "1e3", "9999999p", "0x10"])('"%s" is no size', (text) => {
  expect(() => parseSize(text)).toThrow(/is not a size|is too large/);
});
