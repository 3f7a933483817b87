import { expect, test } from "bun:test";
import { chooseStyle } from "../../src/progress/style.ts";

test.each([
  [{}, "✔"],
  [{ LANG: "de_DE.UTF-8" }, "✔"],
  [{ LANG: "de_DE.UTF-8", LC_ALL: "C" }, "+"],
  [{ LANG: "C" }, "+"],
  [{ LC_CTYPE: "en_US.utf8", LANG: "C" }, "✔"],
  [{ LANG: "en_US.UTF-8", TERM: "linux" }, "+"],
])("with %j the mark of what is done is %s", (variables, mark) => {
  expect(chooseStyle(true, variables).marks.done).toBe(mark);
});

test("NO_COLOR wins over BUILDKIT_COLORS, and empty means not set", () => {
  const colors = { BUILDKIT_COLORS: "error=green" };
  expect(chooseStyle(true, colors).paint("error", "x")).toBe("\u001b[32mx\u001b[0m");
  expect(chooseStyle(true, { ...colors, NO_COLOR: "1" }).paint("error", "x")).toBe("x");
  expect(chooseStyle(true, { NO_COLOR: "" }).paint("error", "x")).toBe("\u001b[31mx\u001b[0m");
  expect(chooseStyle(false, colors).paint("error", "x")).toBe("x");
});

test("all marks are one column wide", () => {
  for (const variables of [{}, { LANG: "C" }]) {
    const { marks, ellipsis } = chooseStyle(false, variables);
    const all = [...Object.values(marks).flat(), ellipsis];
    expect(all.filter((mark) => Bun.stringWidth(mark) !== 1)).toEqual([]);
  }
});
