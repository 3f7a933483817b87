import { expect, test } from "bun:test";
import { expandTabs, settleLine } from "../../src/progress/log-line.ts";

test.each([
  ["text", "text"],
  ["windows line\r", "windows line"],
  ["\r 10%\r 70%\r100%", "100%"],
  ["downloading\rdone", "doneloading"],
  ["10% \u001b[K\r\u001b[32m20%\u001b[0m", "20%"],
  ["|\b/\b-\bdone", "done"],
  ["\b\bx", "x"],
  ["\r\r", ""],
])("%j is shown as %j", (line, shown) => {
  expect(settleLine(line)).toBe(shown);
});

test("colours stay when they are to be kept", () => {
  expect(settleLine("1%\r\u001b[32m20%\u001b[0m\u001b[K", "keep")).toBe("\u001b[32m20%\u001b[0m");
});

test("tabs go to the next multiple of eight columns, of wide characters too", () => {
  expect(expandTabs("a\tb\t\tc")).toBe("a       b               c");
  expect(expandTabs("日本\tx")).toBe("日本    x");
});
