import { expect, test } from "bun:test";
import type { VertexWarning } from "../../src/gen/control.ts";
import { chooseStyle } from "../../src/progress/style.ts";
import { formatWarnings } from "../../src/progress/warnings.ts";
import { warning } from "./messages.ts";

const style = chooseStyle(false, {});
const bytes = (text: string) => new TextEncoder().encode(text);

function warningOf(short: string, rest: Partial<VertexWarning> = {}): VertexWarning {
  const [item] = warning("a", short, rest).warnings;
  if (item === undefined) throw new Error("no warning");
  return item;
}

const info = { filename: "build.lua", data: bytes('local a = 1\nbk.run("x")\nreturn a\n'), language: "Lua" };
const range = (line: number, character = 0) => ({ start: { line, character }, end: { line, character } });

test("a warning with its details, its page and its place", () => {
  const item = warningOf("Deprecated: use something else", {
    detail: [bytes("first\n"), bytes("\u001b[31msecond")],
    url: "https://example.com/deprecated",
    info,
    ranges: [range(2)],
  });
  expect(formatWarnings([item], 80, style)).toEqual([
    "1 warning",
    "  Deprecated: use something else",
    "    first",
    "    second",
    "    https://example.com/deprecated",
    "    build.lua:2",
    "      1 | local a = 1",
    '    > 2 | bk.run("x")',
    "        | ^^^^^^^^^^^",
    "      3 | return a",
  ]);
});

test("the same warning is shown once, and a place outside its file is none", () => {
  const item = warningOf("beware", { info, ranges: [range(99)] });
  expect(formatWarnings([item, item, warningOf("and this")], 80, style)).toEqual([
    "2 warnings",
    "  beware",
    "    build.lua:99",
    "  and this",
  ]);
});

test("columns count from one on", () => {
  const lines = formatWarnings([warningOf("beware", { info, ranges: [range(2, 3)] })], 80, style);
  expect(lines).toContain("        |    ^");
});

test("many warnings have no excerpts, very many are not all shown", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => warningOf(`warning ${index}`, { info, ranges: [range(1)] }));
  expect(formatWarnings(many(6), 80, style)).toHaveLength(7);
  expect(formatWarnings(many(50), 80, style).slice(-2)).toEqual(["  warning 19", "  and 30 more"]);
  expect(formatWarnings([], 80, style)).toEqual([]);
});

test("long ones are wrapped to the window", () => {
  const lines = formatWarnings([warningOf("word ".repeat(30))], 40, style);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length).toBeLessThan(40);
});
