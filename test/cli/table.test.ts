import { expect, test } from "bun:test";
import { formatFields, formatTable, shorten } from "../../src/cli/table.ts";

test("columns are aligned by what a terminal shows", () => {
  const rows = [
    ["a", "1", "x"],
    ["日本", "100", ""],
  ];
  expect(formatTable([{ title: "NAME" }, { title: "N", align: "right" }, { title: "REST" }], rows)).toBe(
    ["NAME    N  REST", "a       1  x", "日本  100", ""].join("\n"),
  );
});

test("fields without a value are left out, and further lines stand under the first", () => {
  const fields = [
    ["A", "1\n2"],
    ["None", undefined],
    ["Long", "3"],
    ["Empty", ""],
  ] as const;
  expect(formatFields(fields)).toBe("A     1\n      2\nLong  3\n");
  expect(formatFields([])).toBe("");
});

test("long text is cut at its end", () => {
  expect(shorten("abcdef", 6)).toBe("abcdef");
  expect(shorten("abcdefg", 6)).toBe("abcde…");
  expect(shorten("日本語", 5)).toBe("日本…");
});

test("what would drive a terminal is left out", () => {
  expect(formatTable([{ title: "A" }, { title: "B" }], [["x\u001b[2J\ny", "z"]])).toBe("A    B\nx y  z\n");
  expect(formatFields([["A\u0007", "x\u001b]0;t\u0007\ny"]])).toBe("A  x\n   y\n");
});
