import { expect, test } from "bun:test";
import { formatError, report } from "../../src/cli/report.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";

const source = 'local base = bk.image("busybox")\nlocal app = base:run("make", { evn = {} })\n';

function capture(variables: Record<string, string> = {}): { terminal: Terminal; text: () => string } {
  let text = "";
  const terminal: Terminal = {
    cwd: "/",
    variables,
    inIsTerminal: () => false,
    outIsTerminal: () => false,
    errorIsTerminal: () => true,
    out: () => {},
    error: (part) => {
      text += part;
    },
  };
  return { terminal, text: () => text };
}

test("prints place, cause, the line with a mark, the callers and the hint", () => {
  const error = new LuakitError("script.option", 'state:run: unknown option "evn" (did you mean "env"?)', {
    position: { file: "build.lua", line: 2, source },
    callers: [{ file: "main.lua", line: 1, source: "  build()" }],
    hint: 'write env = { NAME = "value" }',
  });
  expect(formatError(error)).toEqual([
    'build.lua:2: state:run: unknown option "evn" (did you mean "env"?)',
    '  1 | local base = bk.image("busybox")',
    '> 2 | local app = base:run("make", { evn = {} })',
    "    |                                ^^^",
    "called from main.lua:1: build()",
    'hint: write env = { NAME = "value" }',
  ]);
});

test("an error without a place starts with error:", () => {
  expect(formatError(new LuakitError("usage", "no script"))).toEqual(["error: no script"]);
});

test("colours only without NO_COLOR, and gives the exit status of the code", () => {
  const coloured = capture();
  expect(report(new LuakitError("usage", "no"), coloured.terminal)).toBe(2);
  expect(coloured.text()).toContain("\u001b[1;31m");
  const plain = capture({ NO_COLOR: "1" });
  expect(report(new LuakitError("script.syntax", "no"), plain.terminal)).toBe(1);
  expect(plain.text()).toBe("error: no\n");
});

test("anything else is a bug; the stack shows only on demand", () => {
  const { terminal, text } = capture({ NO_COLOR: "1" });
  expect(report(new TypeError("x is not a function"), terminal)).toBe(1);
  expect(text()).toStartWith("luakit has a bug: x is not a function\nhint: LUAKIT_DEBUG=1");
  const debug = capture({ NO_COLOR: "1", LUAKIT_DEBUG: "1" });
  report(new TypeError("x is not a function"), debug.terminal);
  expect(debug.text()).toContain("report.test.ts");
});

test("control characters of a message do not reach the terminal", () => {
  const error = new LuakitError("script.runtime", "red \u001b[31m text\nnext\u0007", { hint: "a\u001b]0;title" });
  expect(formatError(error)).toEqual(["error: red [31m text\nnext", "hint: a]0;title"]);
});

test("neither do those of file names and of the lines around, nor what turns the direction", () => {
  const position = { file: "a\n::b\u001b[2J.lua", line: 1, source: "x \u001b[2J\u202e y" };
  const text = formatError(new LuakitError("script.runtime", "a\u2066b", { position, callers: [position] })).join("\n");
  expect(text).toStartWith("a ::b.lua:1: ab\n");
  expect(text).toContain("called from a ::b.lua:1: x [2J y");
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});
