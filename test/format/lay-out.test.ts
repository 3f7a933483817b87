import { beforeAll, describe, expect, test } from "bun:test";
import { checkSyntax } from "../../src/cli/fmt-syntax.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { formatScript } from "../../src/format/format-script.ts";
import { type LayOutOptions, layOut } from "../../src/format/lay-out.ts";
import { openStylua, type Stylua } from "../../src/format/open-stylua.ts";
import { defaultStyle } from "../../src/format/style.ts";

let stylua: Stylua;
beforeAll(async () => {
  stylua = await openStylua();
});

function format(text: string, style = {}): string {
  return formatScript("build.lua", text, { ...defaultStyle, ...style }, stylua, checkSyntax);
}

function errorOf(text: string, style = {}): LuakitError {
  try {
    format(text, style);
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("it is laid out");
}

describe("what StyLua cannot read is laid out all the same:", () => {
  test.each([
    ["local a = 1;; -- c\nb=2", "local a = 1 -- c\nb = 2\n"],
    ["do ; end ;local b = {1;2}", "do\nend\nlocal b = { 1, 2 }\n"],
    [
      "#!/bin/luakit\n;f(function(a, b) ; return a;end);;g()",
      "#!/bin/luakit\nf(function(a, b)\n  return a\nend)\ng()\n",
    ],
    ["if a then ; elseif b then ;; else ; end", "if a then\nelseif b then\nelse\nend\n"],
    ["repeat ; until x while y do ; end", "repeat\nuntil x\nwhile y do\nend\n"],
    ["x='a;;\\'';; y=[==[;;]]]==] --[[;;]]", 'x = "a;;\'"\ny = [==[;;]]]==] --[[;;]]\n'],
    ["local a=0xffffffffffffffffff+0xe-1", "local a = 0xffffffffffffffffff + 0xe - 1\n"],
    ["x=0x.8p1*0xA.8P-1;;y=0x1p4 -- 9001", "x = 0x.8p1 * 0xA.8P-1\ny = 0x1p4 -- 9001\n"],
  ])("%j", (text, expected) => {
    expect(format(text)).toBe(expected);
    expect(format(expected)).toBe(expected);
  });
});

test.each(["local a = --[[1]] 1 --[[2]] + --[[3]] 2 -- four\n", "x = { -- a\n1, --[[b]] 2 -- c\n, 3 --[[d]] }\n"])(
  "what is laid out stays as it is: %j",
  (text) => {
    expect(format(format(text))).toBe(format(text));
  },
);

test("a text that each pass changes comes to an end", () => {
  const restless = (text: string) => `${text.trimEnd()}x\n`;
  const options: LayOutOptions = { name: "a", source: "", style: defaultStyle, stylua: restless, check: undefined };
  expect(layOut("", options)).toMatch(/^x{2,20}\n$/);
});

describe("what StyLua cannot lay out is no mistake of the script:", () => {
  test.each([
    ["y=1\na = not -- x\n  b\n", 2],
    ['f -- x\n"a"\n', 1],
    ["#!/bin/luakit\n#syntax=a\nlocal function f()\n  return {\n    b=1,\n    ((2)),\n  }\nend\nx=1", 4],
    ["-- é é é é é é é é\nx = 1\ny = ((2))\n", 3],
  ])("%j", (text, line) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: "script.format", position: { file: "build.lua", line, source: text } });
    expect(`${error.message} ${error.hint}`).not.toMatch(/github|report|INTERNAL|AST|wasm|Unreachable/i);
  });

  test("the line above it that the hint tells helps", () => {
    expect(errorOf("x = ((2))").hint).toBe(
      "the script is left as it is; `-- stylua: ignore` above a statement leaves that out",
    );
    expect(format("-- stylua: ignore\nx = ((2))\ny=1\n")).toBe("-- stylua: ignore\nx = ((2))\ny = 1\n");
  });

  test("nor is what it fails at as a whole, which has no line", () => {
    const broken = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    expect(() => formatScript("build.lua", "x=1", defaultStyle, broken, checkSyntax)).toThrow(
      'StyLua cannot lay out the script "build.lua"',
    );
  });

  test("nor is what it reads otherwise than Lua", () => {
    const picky = () => {
      throw "error parsing: unexpected token `x` (2:1 to 2:2), expected a cat";
    };
    const options: LayOutOptions = {
      name: "a",
      source: "\nx=1",
      style: defaultStyle,
      stylua: picky,
      check: checkSyntax,
    };
    expect(() => layOut("\nx=1", options)).toThrow(
      'StyLua cannot read this, though it is valid Lua: unexpected token "x", expected a cat',
    );
  });
});

describe("only what Lua refuses is a mistake:", () => {
  test.each([
    ["x = = 1\n", 1, 'unexpected token "="'],
    ["x = 1;;\ny = = 1\n", 2, 'unexpected token "="'],
    ["x = 0x.8p1\nreturn 1;;\n", 2, "<eof> expected near ';'"],
    ["local x <const> = 1;;\nx = 2\n", 2, "const variable 'x'"],
    ["x=1\ny='C:\\qux'", 2, "invalid escape sequence"],
    ["#!/bin/luakit\nreturn return", 2, "unexpected symbol near 'return'"],
    ["end evil() do", 1, 'unexpected token "end"'],
  ])("%j", (text, line, message) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: "script.syntax", position: { file: "build.lua", line, source: text } });
    expect(error.message).toContain(message);
  });

  test("but of another Lua StyLua knows more", () => {
    expect(format("local a:number=1", { syntax: "Luau" })).toBe("local a: number = 1\n");
    expect(format("local a:number=1", { syntax: "All" })).toBe("local a: number = 1\n");
    expect(format("a=1;;", { syntax: "All" })).toBe("a = 1\n");
    expect(errorOf("goto = = 1", { syntax: "Lua51" }).code).toBe("script.syntax");
  });
});
