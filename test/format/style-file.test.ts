import { describe, expect, test } from "bun:test";
import { styluaStyle } from "../../src/format/style.ts";
import { parseStyleFile } from "../../src/format/style-file.ts";

test("what stylua.toml leaves open is as StyLua has it", () => {
  expect(parseStyleFile("stylua.toml", "")).toEqual(styluaStyle);
  const text = 'indent_type = "Spaces"\ncolumn_width = 80\n[sort_requires]\nenabled = true\n';
  const style = { ...styluaStyle, indent_type: "Spaces", column_width: 80, sort_requires: true };
  expect(parseStyleFile("stylua.toml", text)).toEqual(style);
});

test("the old name of call_parentheses", () => {
  expect(parseStyleFile("stylua.toml", "no_call_parentheses = true").call_parentheses).toBe("None");
});

describe("is refused:", () => {
  test.each([
    ['indent_typ = "Tabs"', 'stylua.toml: unknown option "indent_typ" (did you mean "indent_type"?)'],
    ['quote_style = "Single"', /quote_style: "Single" is not one of AutoPreferDouble/],
    ["indent_width = 1.5", "stylua.toml: indent_width: expected a number, got 1.5"],
    ['column_width = "80"', 'stylua.toml: column_width: expected a number, got "80"'],
    ["sort_requires = true", /expected a table/],
    ["sort_requires = { enable = true }", /expected a table/],
    ["indent_width = ", /^stylua.toml is not TOML: /],
  ])("%s", (text, message) => {
    expect(() => parseStyleFile("stylua.toml", text)).toThrow(message);
  });
});
