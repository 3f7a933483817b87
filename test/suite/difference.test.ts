import { expect, test } from "bun:test";
import { compareTexts } from "../../src/suite/difference.ts";

test("lines say what was expected and what is there, with what is around them", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const { lines: shown } = compareTexts(lines.join("\n"), lines.with(10, "other").join("\n"));
  expect(shown.map(({ sign, text }) => sign + text)).toEqual([
    " …",
    " line 7",
    " line 8",
    " line 9",
    "-line 10",
    "+other",
    " line 11",
    " line 12",
    " line 13",
    " …",
  ]);
});

test("texts that have nothing in common are shown whole", () => {
  expect(compareTexts("a", "b").lines).toEqual([
    { sign: "-", text: "a" },
    { sign: "+", text: "b" },
  ]);
});
