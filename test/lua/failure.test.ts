import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { define, fail, failure } from "./support.ts";

test("runtime errors are at their line, without it in their text", () => {
  expect(failure("local t = nil\n\nlocal x = t.y")).toBe("build.lua:3: attempt to index a nil value (local 't')");
  expect(failure("local x = 1 + {}")).toBe("build.lua:1: attempt to perform arithmetic on a table value");
  expect(failure("nope()")).toBe("build.lua:1: attempt to call a nil value (global 'nope')");
  expect(failure("error('boom')")).toBe("build.lua:1: boom");
  expect(failure("error('boom', 0)")).toBe("build.lua:1: boom");
  expect(failure("assert(false)")).toBe("build.lua:1: assertion failed!");
  expect(failure("assert(nil, 'because')")).toBe("build.lua:1: because");
});

test("whatever is raised becomes text", () => {
  expect(failure("error({})")).toBe("build.lua:1: the script raised a table as its error");
  expect(failure("error(nil)")).toBe("build.lua:1: the script raised nil as its error");
  expect(failure("error()")).toBe("build.lua:1: the script raised nil as its error");
  expect(failure("error(42)")).toBe("build.lua:1: the script raised 42 as its error");
  expect(failure("error(true)")).toBe("build.lua:1: the script raised true as its error");
  expect(failure("error(setmetatable({}, {__tostring = function() return 'mine' end}))")).toBe("build.lua:1: mine");
  expect(fail("error(setmetatable({}, {__tostring = function() error('again') end}))").code).toBe("script.runtime");
  expect(failure("error('bad \\xff byte')")).toBe("build.lua:1: bad \ufffd byte");
});

test("an error in a coroutine keeps its own place", () => {
  expect(failure("local co = coroutine.wrap(function()\n  error('inside')\nend)\nco()")).toBe("build.lua:2: inside");
});

test("text that looks like a place in another file stays text", () => {
  expect(failure("error('main.go:3: syntax error', 0)")).toBe("build.lua:1: main.go:3: syntax error");
});

test("an error of several lines stays whole", () => {
  expect(failure("error('first\\nsecond')")).toBe("build.lua:1: first\nsecond");
});

test("running out of stack is one clear error at the line", () => {
  const error = fail("local function f()\n  return f() + 1\nend\nf()");
  expect(error.message).toBe("stack overflow: calls are nested too deep");
  expect(error.code).toBe("script.limit");
  expect(error.position?.line).toBe(2);
});

const refuse = define({
  name: "refuse",
  doc: "",
  example: "",
  params: [],
  run: () => {
    throw new LuakitError("script.option", "no", { hint: "type yes" });
  },
});

test.each([
  ["error('while building libfoo: ' .. e, 0)", "while building libfoo: refuse: no"],
  ["error('while building libfoo: ' .. e)", "while building libfoo: refuse: no"],
  ["error('first line\\n' .. e)", "first line\nrefuse: no"],
  ["error('main.go:3: ' .. e)", "main.go:3: refuse: no"],
  ["error(select(2, pcall(error, 'inner: ' .. e, 1)))", "inner: refuse: no"],
  ["local _, f = pcall(function()\nerror('b: ' .. e) end)\nerror('a: ' .. f)", "a: b: refuse: no"],
  ["error(e, 0)", "refuse: no"],
  ["error(e)", "refuse: no"],
])("words that a script puts before an error are told: %s", (raise, message) => {
  const error = fail(`local ok, e = pcall(function()\n  refuse()\nend)\n${raise}`, { functions: [refuse] });
  expect(error.message).toBe(message);
  expect(error).toMatchObject({ code: "script.option", hint: "type yes", position: { file: "build.lua", line: 2 } });
});

test("a message handler can add words", () => {
  const source = "local _, e = xpcall(refuse, function(e) return 'handled: ' .. e end)\nerror(e, 0)";
  expect(failure(source, { functions: [refuse] })).toBe("build.lua:1: handled: refuse: no");
});

test("of several errors in one text the places of the first ones stay", () => {
  const source = `local _, a = pcall(function() refuse() end)
local _, b = pcall(function() refuse() end)
error('two failed:\\n' .. a .. '\\n' .. b)`;
  expect(failure(source, { functions: [refuse] })).toBe(
    "build.lua:2: two failed:\nbuild.lua:1: refuse: no\nrefuse: no",
  );
});
