import { expect, test } from "bun:test";
import { fail, failure, run } from "./support.ts";

test("a module is run once and gives its value", () => {
  const files = { a: "out('run') return {n = 1}", b: "return require('a')" };
  expect(run("out(tostring(require('a') == require('a')), tostring(require('b') == require('a')))", { files })).toEqual(
    ["run", "true true"],
  );
});

test("a module gets its name and file, and may return nothing", () => {
  const files = { "lib.a": "out(...) X = 1" };
  expect(run("out(tostring(require('lib.a')), tostring(X)) require('lib.a')", { files })).toEqual([
    "lib.a lib.a.lua",
    "true 1",
  ]);
});

test("a module that was not found lists every place", () => {
  const error = fail("\nrequire 'nope'");
  expect(error.message).toBe('require: module "nope" was not found; looked at:\n  nope.lua');
  expect(error.code).toBe("script.module");
  expect(error.position?.line).toBe(2);
});

test("modules that require each other end in a clear error", () => {
  const files = { a: "return require 'b'", b: "return require 'a'", c: "return require 'c'" };
  expect(failure("require 'a'", { files })).toBe('b.lua:1: require: module "a" requires itself through b.lua');
  expect(failure("require 'c'", { files })).toBe('c.lua:1: require: module "c" requires itself');
});

test("a failed module can be tried again", () => {
  const files = { a: "if not READY then error('not yet') end return 'ready'" };
  expect(run("local ok = pcall(require, 'a') READY = true out(tostring(ok), require('a'))", { files })).toEqual([
    "false ready",
  ]);
});

test("errors in a module say where, and who required it", () => {
  const files = { "lib/base": "local M = {}\nfunction M.go()\n  error('inside')\nend\nreturn M", bad: "return (" };
  const error = fail("local base = require 'lib/base'\n\nbase.go()", { files });
  expect(error.message).toBe("inside");
  expect(error.position).toMatchObject({ file: "lib/base.lua", line: 3 });
  expect(error.callers.map(({ file, line }) => `${file}:${line}`)).toEqual(["build.lua:3"]);
  const syntax = fail("\nrequire 'bad'", { files });
  expect(syntax.code).toBe("script.syntax");
  expect(syntax.message).toBe("unexpected symbol near the end of the file");
  expect(syntax.position).toMatchObject({ file: "bad.lua", line: 1 });
  expect(syntax.callers.map(({ file, line }) => `${file}:${line}`)).toEqual(["build.lua:2"]);
});

test("package.loaded may be filled and emptied by the script", () => {
  const files = { a: "N = (N or 0) + 1 return N" };
  expect(run("package.loaded.own = 'mine' out(require('own'))", { files })).toEqual(["mine"]);
});

test("only names are required", () => {
  expect(failure("require {}")).toBe("build.lua:1: require: expected a module's name, got table");
});

test("thousands of modules are no problem, and a chain of them ends at the stack", () => {
  const files = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`m${index}`, `return ${index}`]));
  expect(run("local n = 0 for i = 0, 1999 do n = n + require('m' .. i) end out(tostring(n))", { files })).toEqual([
    "1999000",
  ]);
  const chain = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`m${index}`, `return require('m${index + 1}')`]),
  );
  expect(fail("require 'm0'", { files: chain }).message).toBe("stack overflow: calls are nested too deep");
});
