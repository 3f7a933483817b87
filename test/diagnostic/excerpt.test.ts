import { expect, test } from "bun:test";
import { plainStyle, printExcerpt } from "../../src/diagnostic/excerpt.ts";

const source = 'local base = bk.image("busybox")\n\nlocal app = base:run("make", { evn = {} })\nbk.export(app)\n';

test("shows the lines around and underlines the word that is meant", () => {
  expect(printExcerpt({ file: "build.lua", line: 3, source }, ["evn"])).toEqual([
    '  1 | local base = bk.image("busybox")',
    "  2 |",
    '> 3 | local app = base:run("make", { evn = {} })',
    "    |                                ^^^",
    "  4 | bk.export(app)",
  ]);
});

test("underlines the whole statement when no word is known", () => {
  expect(printExcerpt({ file: "build.lua", line: 4, source })).toEqual([
    "  2 |",
    '  3 | local app = base:run("make", { evn = {} })',
    "> 4 | bk.export(app)",
    "    | ^^^^^^^^^^^^^^",
  ]);
});

test("a word inside another word is not the one that is meant", () => {
  const printed = printExcerpt({ file: "a", line: 1, source: "environment = env" }, ["env"]);
  expect(printed[1]).toBe("    |               ^^^");
});

test("tabs are widened and control characters left out", () => {
  const printed = printExcerpt({ file: "a", line: 1, source: "\tx\u001b[31m = y" }, ["y"]);
  expect(printed).toEqual(["> 1 |   x[31m = y", "    |           ^"]);
});

test("prints nothing without the source or past its end", () => {
  expect(printExcerpt({ file: "a", line: 3 })).toEqual([]);
  expect(printExcerpt({ file: "a", line: 3, source: "x" })).toEqual([]);
});

test("a word on a further line of the same call is underlined there", () => {
  const long =
    'bk.image("a"):run("make", {\n  cwd = "/src",\n  env = {},\n  name = "x",\n  evn = {},\n})\nlocal evn = 1\n';
  expect(printExcerpt({ file: "a", line: 1, source: long }, ["evn"])).toEqual([
    '> 1 | bk.image("a"):run("make", {',
    '  2 |   cwd = "/src",',
    "  3 |   env = {},",
    '  4 |   name = "x",',
    "  5 |   evn = {},",
    "    |   ^^^",
  ]);
});

test("a word in the next statement is not the one that is meant", () => {
  const printed = printExcerpt({ file: "a", line: 1, source: "run(options)\nlocal evn = 1" }, ["evn"]);
  expect(printed).toEqual(["> 1 | run(options)", "    | ^^^^^^^^^^^^", "  2 | local evn = 1"]);
});

test("a line that is longer than the terminal is wide is shown around its mark", () => {
  const source = `run("${"a".repeat(60)}", { evn = {}, name = "${"b".repeat(60)}" })\nexport(x)`;
  const print = (columns: number, words = ["evn"]) =>
    printExcerpt({ file: "a", line: 1, source }, words, { ...plainStyle, columns });
  expect(print(40)).toEqual(['> 1 | …aaaa", { evn = {}, name = "bbbbb…', "    |           ^^^", "  2 | export(x)"]);
  expect(print(40, [])).toEqual([
    '> 1 | run("aaaaaaaaaaaaaaaaaaaaaaaaaaaa…',
    `    | ${"^".repeat(34)}`,
    "  2 | export(x)",
  ]);
  for (const columns of [30, 80, 200]) {
    for (const line of print(columns)) expect(line.length).toBeLessThanOrEqual(columns);
    expect(print(columns).join("\n")).toContain("^^^");
  }
});

test.each([
  [5, 1],
  [-7, 2 ** 31],
  [2 ** 31, 2 ** 32],
])("columns that are not on the line are brought back to it: %p to %p", (column, endColumn) => {
  const [line, mark = ""] = printExcerpt({ file: "a", line: 1, source: "run(a)", column, endColumn });
  expect(line).toBe("> 1 | run(a)");
  expect(mark).toMatch(/^ {4}\| {1,7}\^{1,6}$/);
});
