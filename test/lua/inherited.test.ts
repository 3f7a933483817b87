import { expect, test } from "bun:test";
import { boolean, text } from "../../src/lua/scalar.ts";
import { map, options } from "../../src/lua/table.ts";
import { fail, failure, reader, run } from "./support.ts";

const kind = options(
  {
    cwd: { kind: text, doc: "" },
    env: { kind: map(text), doc: "" },
    network: { kind: text, doc: "", required: true },
    no_cache: { kind: boolean, doc: "" },
  },
  { complete: true },
);

function read(source: string): unknown {
  const seen: unknown[] = [];
  run(source, { functions: [reader([{ name: "value", kind }], seen)] });
  return seen[0];
}

const refuse = (source: string) => failure(source, { functions: [reader([{ name: "value", kind }], [])] });

test("options of the table that __index names are read", () => {
  const source = "f(setmetatable({env = {A = '1'}}, {__index = {cwd = '/work', network = 'none', method = print}}))";
  expect(read(source)).toEqual({ cwd: "/work", env: new Map([["A", "1"]]), network: "none", no_cache: undefined });
});

test("what is nearer wins, over a chain of classes", () => {
  const source = `
    local Base = {network = "base", cwd = "/base", no_cache = true} Base.__index = Base
    local Derived = setmetatable({network = "derived", no_cache = false}, Base) Derived.__index = Derived
    f(setmetatable({network = "own"}, Derived))`;
  expect(read(source)).toEqual({ network: "own", cwd: "/base", env: undefined, no_cache: false });
});

test("a metatable without __index changes nothing", () => {
  expect(read("f(setmetatable({network = 'x'}, {__len = error, cwd = '/'}))")).toMatchObject({ network: "x" });
  expect(refuse("f(setmetatable({}, {network = 'x'}))")).toEndWith('option "network" is required');
});

test("own fields are checked as ever, and so are inherited ones", () => {
  expect(refuse("f(setmetatable({netwrk = 'x'}, {__index = {network = 'x'}}))")).toBe(
    'build.lua:1: f: unknown option "netwrk" (did you mean "network"?)',
  );
  expect(refuse("f(setmetatable({}, {__index = {network = 7}}))")).toBe(
    'build.lua:1: f: option "network": expected string, got number',
  );
});

test("a function as __index is refused, wherever it is in the chain", () => {
  for (const source of [
    "f(setmetatable({network = 'x'}, {__index = function() return '/' end}))",
    "f(setmetatable({}, {__index = setmetatable({network = 'x'}, {__index = print})}))",
  ]) {
    const error = fail(source, { functions: [reader([{ name: "value", kind }], [])] });
    expect(error.message).toBe("f: options with a function as __index cannot be read");
    expect(error).toMatchObject({ code: "script.option", hint: "copy them into a plain table" });
  }
});

test("a chain that is a loop ends in an error", () => {
  expect(refuse("local t = {network = 'x'} setmetatable(t, {__index = t}) f(t)")).toBe(
    "build.lua:1: f: the chain of __index is too long: is it a loop?",
  );
});
