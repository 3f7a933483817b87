import { expect, test } from "bun:test";
import { blankDirectives } from "../../src/lua/chunk.ts";
import { fail, run } from "./support.ts";

test("a first line with # is blank, and lines stay where they are", () => {
  expect(blankDirectives("#syntax=x\nreturn 1")).toBe("\nreturn 1");
  expect(blankDirectives("#!/usr/bin/env luakit\nreturn 1")).toBe("\nreturn 1");
  expect(blankDirectives("#!/usr/bin/env luakit\n#syntax=x\nreturn 1")).toBe("\n\nreturn 1");
  expect(blankDirectives("#!/usr/bin/env luakit\n# syntax = x\nreturn 1")).toBe("\n\nreturn 1");
  expect(blankDirectives("#!/usr/bin/env luakit\r\n#syntax=x\r\nreturn 1")).toBe("\n\nreturn 1");
  expect(blankDirectives("#!/bin/x\n#other\n")).toBe("\n#other\n");
  expect(blankDirectives("#a\n#syntax=x\n")).toBe("\n#syntax=x\n");
  expect(blankDirectives("\ufeff#syntax=x\nx()")).toBe("\nx()");
  expect(blankDirectives("\ufeffx()")).toBe("x()");
  expect(blankDirectives("#only")).toBe("");
  expect(blankDirectives("")).toBe("");
  expect(blankDirectives("x = #t")).toBe("x = #t");
});

test("errors below a directive are at their line", () => {
  expect(fail("#!/usr/bin/env luakit\n#syntax=x\nerror('x')").position?.line).toBe(3);
});

test("a syntax error says where and what", () => {
  const error = fail("local x = 1\nif x then\n");
  expect(error.code).toBe("script.syntax");
  expect(error.message).toBe("'end' expected (to close 'if' at line 2) near the end of the file");
  expect(error.position).toMatchObject({ file: "build.lua", line: 3 });
  expect(fail("x = = 1").message).toBe("unexpected symbol near '='");
  expect(fail("x = 'abc").message).toBe("unfinished string near the end of the file");
  expect(fail("goto nowhere").message).toContain("no visible label 'nowhere'");
});

test("a script is text, never bytecode", () => {
  expect(fail("\u001bLua").code).toBe("script.syntax");
});

test("a script may hold any text", () => {
  expect(run("out('grüße\0🐳')")).toEqual(["grüße\0🐳"]);
  expect(run("-- comment without an end")).toEqual([]);
});
