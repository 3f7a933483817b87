import { describe, expect, test } from "bun:test";
import { applyEditorConfig, parseEditorConfig, propertiesOf } from "../../src/format/editor-config.ts";
import { defaultStyle } from "../../src/format/style.ts";

function size(pattern: string, path: string): string | undefined {
  return propertiesOf(parseEditorConfig(`[${pattern}]\nindent_size = 7\n`), path).get("indent_size");
}

describe("sections", () => {
  test.each([
    ["*", "build.lua", true],
    ["*", "a/b/build.lua", true],
    ["*.lua", "a/build.lua", true],
    ["*.{lua,luau}", "a/build.lua", true],
    ["{*.lua}", "build.lua", false],
    ["*.py", "build.lua", false],
    ["lib/*.lua", "lib/x.lua", true],
    ["lib/*.lua", "a/lib/x.lua", false],
    ["/build.lua", "build.lua", true],
    ["/build.lua", "a/build.lua", false],
    ["lib/**.lua", "lib/a/b.lua", true],
    ["[ab].lua", "b.lua", true],
    ["[!ab].lua", "b.lua", false],
    ["part{1..3}.lua", "part2.lua", true],
    ["part{1..3}.lua", "part4.lua", false],
  ])("[%s] and %s", (pattern, path, matches) => {
    expect(size(pattern, path)).toBe(matches ? "7" : undefined);
  });

  test("later ones win, and comments count for nothing", () => {
    const text = "; one\n# two\nroot = TRUE\r\n[*]\nindent_size=2\nfoo\n[*.lua]\nINDENT_SIZE: 8\n";
    const config = parseEditorConfig(text);
    expect([config.root, propertiesOf(config, "x.lua").get("indent_size")]).toEqual([true, "8"]);
  });
});

test("properties become options of StyLua", () => {
  const text = `[*]
end_of_line = crlf
indent_style = tab
indent_size = tab
tab_width = 8
max_line_length = off
quote_type = single
call_parentheses = NoSingleString
space_after_function_names = Definitions
collapse_simple_statement = Always
sort_requires = true`;
  const style = applyEditorConfig(defaultStyle, propertiesOf(parseEditorConfig(text), "x.lua"));
  expect(style).toEqual({
    ...defaultStyle,
    line_endings: "Windows",
    indent_type: "Tabs",
    indent_width: 8,
    column_width: 2 ** 31 - 1,
    quote_style: "AutoPreferSingle",
    call_parentheses: "NoSingleString",
    space_after_function_names: "Definitions",
    collapse_simple_statement: "Always",
    sort_requires: true,
  });
});

test("values that nobody knows change nothing", () => {
  const text = "[*]\nindent_style = mixed\nindent_size = many\nend_of_line = cr\nmax_line_length = unset\n";
  expect(applyEditorConfig(defaultStyle, propertiesOf(parseEditorConfig(text), "x.lua"))).toEqual(defaultStyle);
});
