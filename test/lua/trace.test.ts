import { expect, test } from "bun:test";
import type { CallPosition } from "../../src/lua/position.ts";
import { define, fail, type HarnessOptions, run } from "./support.ts";

/** Where each call of `here()` was, with its callers. */
function positions(
  source: string,
  options: HarnessOptions = {},
): { chains: string[]; found: (CallPosition | undefined)[] } {
  const found: (CallPosition | undefined)[] = [];
  const here = define({
    name: "here",
    doc: "",
    example: "",
    params: [],
    run: (call) => void found.push(call.position()),
  });
  run(source, { ...options, functions: [here] });
  return { found, chains: found.map(chain) };
}

function chain(position: CallPosition | undefined): string {
  const places: string[] = [];
  for (let at = position; at !== undefined; at = at.caller) places.push(`${at.source.name}:${at.line}`);
  return places.join(" < ");
}

test("a call is at its line, with the calls that led there", () => {
  expect(positions("here()\n\nhere()").chains).toEqual(["build.lua:1", "build.lua:3"]);
  expect(positions("local function f()\n  here()\nend\n\nf()").chains).toEqual(["build.lua:2 < build.lua:5"]);
});

test("a call in tail position is at its line", () => {
  expect(positions("local function f()\n  return here()\nend\nlocal x = f()\nreturn here()").chains).toEqual([
    "build.lua:2 < build.lua:4",
    "build.lua:5",
  ]);
});

test("calls through modules name both files", () => {
  const files = { lib: "local M = {}\nfunction M.go()\n  here()\nend\nreturn M" };
  expect(positions("local lib = require 'lib'\nlib.go()", { files }).chains).toEqual(["lib.lua:3 < build.lua:2"]);
  expect(positions("\nrequire 'm'", { files: { m: "here()" } }).chains).toEqual(["m.lua:1 < build.lua:2"]);
});

test("C functions between are left out", () => {
  expect(
    positions("pcall(function()\n  table.sort({1, 2}, function(a, b)\n    here()\n    return a < b\n  end)\nend)")
      .chains,
  ).toEqual(["build.lua:3 < build.lua:2 < build.lua:1"]);
});

test("text that was loaded counts for the line that ran it", () => {
  expect(positions("\nload('\\n\\n\\nhere()')()").chains).toEqual(["build.lua:2"]);
});

test("a chain has at most 16 places, however deep it is", () => {
  const [deep = ""] = positions(
    "local function f(n)\n  if n == 0 then here() return end\n  f(n - 1)\n  return 1\nend\nf(50000)",
  ).chains;
  expect(deep).toBe("build.lua:2 < build.lua:3");
  const source = Array.from({ length: 30 }, (_, index) => `local function f${index + 1}() f${index}() end`).join("\n");
  const [long = ""] = positions(`local function f0() here() end\n${source}\nf30()`).chains;
  expect(long.split(" < ").length).toBe(16);
  expect(long).toStartWith("build.lua:1 < build.lua:2 < ");
});

test("the same call site is the same object", () => {
  const { found } = positions("local function f() here() end\nfor i = 1, 3 do f() end\nf()");
  expect(found[0]).toBe(found[1]);
  expect(found[0]).toBe(found[2]);
  expect(found[3]).not.toBe(found[0]);
  expect(new Set(found).size).toBe(2);
});

test("a call within a coroutine is at its line", () => {
  expect(positions("local co = coroutine.wrap(function()\n  here()\nend)\nco()").chains).toEqual(["build.lua:2"]);
});

test("names of chunks that are gone do not come back", () => {
  const source = `
    for i = 1, 200 do load('return ' .. i, '=build' .. i .. '.lua')() end
    collectgarbage()
    for i = 1, 200 do load('here()', '=other' .. i .. '.lua')() end`;
  expect(new Set(positions(source).chains)).toEqual(new Set(["build.lua:4"]));
});

test("an error's place and callers do not repeat each other", () => {
  const error = fail(
    "local function check(x)\n  error('bad ' .. x, 2)\nend\nlocal function build()\n  check('x')\nend\nbuild()",
  );
  expect(error.message).toBe("bad x");
  expect(error.position?.line).toBe(5);
  expect(error.callers.map(({ line }) => line)).toEqual([7]);
});
