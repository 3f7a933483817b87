import { expect, test } from "bun:test";
import { openColors } from "../../src/progress/open-colors.ts";

const csi = (...codes: string[]) => codes.map((code) => `\u001b[${code}m`).join("text");

test.each([
  [[], csi("31"), ["31"]],
  [["31"], "no colours at all", ["31"]],
  [["31"], csi("0"), []],
  [["31"], csi(""), []],
  [[], csi("1", "38;5;208", "22"), ["38;5;208"]],
  [[], csi("31", "42", "39"), ["42"]],
  [[], csi("91", "107", "49"), ["91"]],
  [[], csi("31", "0", "32"), ["32"]],
  [["31"], csi("31"), ["31"]],
  [["1"], csi("0;31"), ["0;31"]],
] as const)("after %j and %j there are %j", (before, text, open) => {
  expect(openColors(before, text)).toEqual([...open]);
});
