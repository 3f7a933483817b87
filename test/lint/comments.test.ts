import { expect, test } from "bun:test";
import { readComments } from "../../src/lint/comments.ts";

const textsOf = (script: string) => readComments(script).map(({ line, text }) => [line, text.trim()]);

test("finds comments of one line and of several", () => {
  expect(textsOf("-- one\nlocal a = 1 -- two\n--[[ three\nlines ]] local b\n--[==[ ]] ]==]\n---four")).toEqual([
    [1, "one"],
    [2, "two"],
    [3, "three\nlines"],
    [5, "]]"],
    [6, "-four"],
  ]);
});

test.each([
  ['local a = "-- no"'],
  ["local a = '-- no'"],
  ['local a = "\\"-- no"'],
  ['local a = "\\\\" .. "-- no"'],
  ['local a = "line\\\n-- no"'],
  ["local a = [[\n-- no\n]]"],
  ["local a = [==[\n]] -- no\n]==]"],
  ["#!/usr/bin/env luakit -- no\nlocal a = 1"],
  ["#!/bin/luakit\n#syntax=x -- no\nlocal a = 1"],
])("finds none in %j", (script) => {
  expect(textsOf(script)).toEqual([]);
});

test("goes on after text that looks like one", () => {
  expect(textsOf('local a = "--[[" -- yes\nlocal b = a[[[x]]] --yes')).toEqual([
    [1, "yes"],
    [2, "yes"],
  ]);
  expect(textsOf("local t = {} local v = t[1] - -2 --[ yes")).toEqual([[1, "[ yes"]]);
});

test("says whether code stands before it, on its line and in the file", () => {
  const [first, second, third] = readComments("#syntax=x\n\n-- a\n  -- b\nlocal x -- c\n-- d");
  expect(first).toMatchObject({ isAlone: true, isHead: true, line: 3, column: 1 });
  expect(second).toMatchObject({ isAlone: true, isHead: true, line: 4, column: 3 });
  expect(third).toMatchObject({ isAlone: false, isHead: false, line: 5, column: 9 });
});

test("what is not closed ends with the file", () => {
  expect(textsOf("--[[ open")).toEqual([[1, "open"]]);
  expect(textsOf('local a = "open')).toEqual([]);
  expect(textsOf("local a = [[open --")).toEqual([]);
});
