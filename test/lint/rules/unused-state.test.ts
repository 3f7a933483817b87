import { describe, expect, test } from "bun:test";
import { lintFindings } from "../lint-found.ts";

const linesOf = (script: string, options = {}) =>
  lintFindings(script, options).flatMap(({ rule, problem }) =>
    rule === "unused-state" ? [problem.position?.line] : [],
  );

test.each([
  ['local a = bk.image("a:1")\na:run("x")\nbk.export(a)', [2]],
  ['local a = bk.image("a:1")\na:with_env({A = "1"})\nbk.export(a)', [2]],
  ['local a = bk.image("a:1")\nlocal b = a:run("x"):run("y")\nbk.export(a)', [2]],
  ['local a = bk.image("a:1")\nbk.export(bk.scratch())', [1]],
  ['local m = bk.cache("/c")\nbk.export(bk.image("a:1"):run("x"))', [1]],
  ['local function f(s) return s:run("x") end\nlocal a = bk.image("a:1")\nf(a)\nbk.export(a)', [1]],
])("finds %j", (script, lines) => {
  expect(linesOf(script)).toEqual(lines);
});

test("of a chain only the end is told", () => {
  const script =
    'local a = bk.image("a:1")\nlocal b = a:run("x")\nlocal c = b:copy(a, "/", "/")\nbk.export(bk.scratch())';
  expect(linesOf(script)).toEqual([3]);
});

describe("leaves alone what reaches a result", () => {
  const a = 'local a = bk.image("a:1")\n';
  test.each([
    ['bk.export(a:run("x", {mounts = {bk.bind(a:run("y"), "/b"), bk.cache("/c", {from = a:run("z")})}}))'],
    ['bk.export(bk.scratch():copy(a:run("x"), "/", "/"))'],
    ['bk.export(bk.merge({a:run("x"), a:run("y")}))'],
    ['bk.export(bk.diff(a, a:run("x")))'],
    ['bk.export({["linux/amd64"] = a:run("x"), ["linux/arm64"] = a:run("y")})'],
    ['local s = a:run("x", {mounts = {bk.bind(a, "/o", {readonly = false})}})\nbk.export(s:mount("/o"))'],
    ['bk.export(a:run("x"):with_metadata({description = "d"}))'],
    ['bk.export(a:files(function(f) f:copy(bk.scratch():mkfile("/x", ""), "/x", "/") end))'],
    ['bk.target("t", function() return a:run("x") end)'],
    ['bk.target("t", {default = true}, function() return a end)\nbk.target("u", function() return a:run("x") end)'],
    ['for _ = 1, 3 do a = a:run("x") end\nbk.export(a)'],
    ["local n = bk.scratch()\nbk.export(bk.merge(a, n))"],
  ])("%j", (script) => {
    expect(linesOf(a + script)).toEqual([]);
  });
});

describe("leaves alone what another run may use", () => {
  test.each([
    ['local d = a:run("x")\nif bk.arg("D", false) then a = d end\nbk.export(a)'],
    ['local all = {one = a:run("x"), two = a:run("y")}\nbk.export(all[bk.arg("W", "one")])'],
    ['local M = {}\nM.x = a:run("x")\nbk.export(a)'],
    ['local last\nfor i = 1, 3 do last = a:run("x" .. i) end\nbk.export(last)'],
  ])("%j", (script) => {
    expect(linesOf(`local a = bk.image("a:1")\n${script}`)).toEqual([]);
  });

  test("modules give tables of States", () => {
    const file = { name: "m.lua", data: 'return {\n  a = bk.image("a:1"),\n  b = bk.image("b:1"),\n}' };
    const modules = { find: () => ({ found: { file, path: "m.lua" } }) };
    expect(linesOf('bk.export(require("m").a)', { modules })).toEqual([]);
  });

  test("a target that is not made", () => {
    const script = `local a, b = bk.image("a:1"), bk.image("b:1"):run("x")
      bk.target("a", {default = true}, function() return a end)
      bk.target("b", function() return b end)`;
    expect(linesOf(script, { target: "a" })).toEqual([]);
    expect(linesOf(script)).toEqual([]);
  });
});
