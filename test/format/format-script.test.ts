import { beforeAll, describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { formatScript } from "../../src/format/format-script.ts";
import { openStylua, type Stylua } from "../../src/format/open-stylua.ts";
import { defaultStyle } from "../../src/format/style.ts";

let stylua: Stylua;
beforeAll(async () => {
  stylua = await openStylua();
});

function format(text: string, style = {}): string {
  return formatScript("build.lua", text, { ...defaultStyle, ...style }, stylua);
}

describe("lines that are not Lua stay:", () => {
  test.each([
    ["#syntax=luakit\nx=1", "#syntax=luakit\nx = 1\n"],
    ["#!/usr/bin/env luakit\n#  syntax = luakit\nx=1", "#!/usr/bin/env luakit\n#  syntax = luakit\nx = 1\n"],
    ["#!/bin/luakit\nx=1\n", "#!/bin/luakit\nx = 1\n"],
    ["#syntax=luakit", "#syntax=luakit"],
    ["#syntax=luakit\n\n", "#syntax=luakit\n"],
    ["\ufeffx=1", "\ufeffx = 1\n"],
    ["\ufeff#syntax=a\nx=1", "\ufeff#syntax=a\nx = 1\n"],
  ])("%j", (text, expected) => {
    expect(format(text)).toBe(expected);
    expect(format(expected)).toBe(expected);
  });
});

describe("line endings", () => {
  test("of most lines are kept", () => {
    expect(format("#syntax=a\r\nx=1\r\ny=[[a\r\nb]]\nz=2\r\n")).toBe(
      "#syntax=a\r\nx = 1\r\ny = [[a\r\nb]]\r\nz = 2\r\n",
    );
    expect(format("x=1\ny=2\r\nz=3\n")).toBe("x = 1\ny = 2\nz = 3\n");
  });

  test("are those that are asked for", () => {
    expect(format("x=[[a\r\nb]]\r\n", { line_endings: "Unix" })).toBe("x = [[a\nb]]\n");
    expect(format("x=1\n", { line_endings: "Windows" })).toBe("x = 1\r\n");
  });
});

test("every option of the style counts", () => {
  const text = "local function f(a) if a then return 'x' end end\nlocal b=require('b')\nlocal a=require('a')\nf{1}\n";
  const style = {
    indent_type: "Tabs",
    quote_style: "ForceSingle",
    call_parentheses: "NoSingleTable",
    collapse_simple_statement: "ConditionalOnly",
    space_after_function_names: "Definitions",
    sort_requires: true,
  };
  const lines = ["local function f (a)", "\tif a then return 'x' end", "end"];
  expect(format(text, style)).toBe(
    [...lines, "local a = require('a')", "local b = require('b')", "f { 1 }", ""].join("\n"),
  );
  expect(format("foo(a, b)", { column_width: 5 })).toContain("\n  a,\n");
});

test("Lua 5.4 is understood", () => {
  const text = "local x <const> = 7 // 2 & 3\ngoto done\n::done::\nlocal s <close> = nil\n";
  expect(format(text)).toBe(text);
});

describe("an error is where the script has it:", () => {
  test.each([
    ["x = = 1\n", 1],
    ["#!/bin/luakit\n#syntax=a\nlocal = 2\n", 3],
    ['\r\n\r\nlocal x = "abc', 3],
    ["--é\nlocal x = function(", 2],
  ])("%j", (text, line) => {
    const thrown = attempt(() => format(text));
    expect(thrown).toBeInstanceOf(LuakitError);
    expect(thrown).toMatchObject({ code: "script.syntax", position: { file: "build.lua", line } });
  });

  test("and in words", () => {
    expect(() => format("local = 2")).toThrow('unexpected token "=", expected either a variable name or "function"');
  });
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
