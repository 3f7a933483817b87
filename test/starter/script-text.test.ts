import { expect, test } from "bun:test";
import { imageName } from "../../src/starter/folder.ts";
import { list, quote } from "../../src/starter/script-text.ts";

test("strings are those of Lua", () => {
  expect(quote('a "b" \\ c\nd')).toBe('"a \\"b\\" \\\\ c\\nd"');
  expect(list(["npm", "ci"])).toBe('{ "npm", "ci" }');
});

test("names are those that images can have", () => {
  expect(["My App", "@scope/x", "..", "Über_tool"].map(imageName)).toEqual(["my-app", "scope-x", "app", "ber-tool"]);
});

test("control characters are written by number", () => {
  expect(quote("a\u001b[2J\u009bb\n")).toBe('"a\\u{1b}[2J\\u{9b}b\\n"');
});
