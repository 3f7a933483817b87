import { expect, test } from "bun:test";
import { isIgnored, readIgnored } from "../../src/lint/ignore-comments.ts";
import { lintFindings, lintFound } from "./lint-found.ts";

const rules = new Set(["sudo", "run-cd"]);
const read = (data: string) => readIgnored({ name: "build.lua", data }, rules);
/** Lines, of five, on which `sudo` is ignored. */
const lines = (data: string) => [1, 2, 3, 4, 5].filter((line) => isIgnored(read(data), "sudo", line));

test("a comment behind code is about its line", () => {
  expect(lines("local a\nlocal b -- luakit: ignore=sudo\nlocal c")).toEqual([2]);
});

test("a comment of its own is about the code right under it", () => {
  expect(lines("local a\n-- luakit: ignore=sudo\nlocal b\nlocal c")).toEqual([3]);
  expect(lines("local a\n  --luakit:ignore = sudo , run-cd\n-- because\nlocal b")).toEqual([4]);
  expect(lines("local a\n-- luakit: ignore=sudo\n\nlocal b")).toEqual([3]);
  expect(lines("local a\n--[[ luakit: ignore=sudo\n]]\nlocal b")).toEqual([4]);
});

test("a comment at the head is about the file, unless code is right under it", () => {
  expect(lines("-- luakit: ignore=sudo\n\nlocal a")).toEqual([1, 2, 3, 4, 5]);
  expect(lines("#syntax=x\n-- About this.\n-- luakit: ignore=sudo\n-- More.\n\nlocal a")).toEqual([1, 2, 3, 4, 5]);
  expect(lines("-- luakit: ignore=sudo\nlocal a")).toEqual([2]);
  expect(lines("local a\n-- luakit: ignore=sudo\n\nlocal b")).toEqual([3]);
});

test("all is every rule, and others are not touched", () => {
  expect(lines("local a -- luakit: ignore=all")).toEqual([1]);
  expect(lines("local a -- luakit: ignore=run-cd")).toEqual([]);
});

test("strings hold no comments", () => {
  expect(lines('local a = "-- luakit: ignore=sudo"')).toEqual([]);
  expect(lines("local a = [[\n-- luakit: ignore=sudo\n]]\nlocal b")).toEqual([]);
});

test("a rule that does not exist is told, with the nearest name; the others count", () => {
  const { problems } = read("local a -- luakit: ignore=sduo,run-cd");
  expect(problems).toMatchObject([{ message: 'there is no rule "sduo" (did you mean "sudo"?)', at: { line: 1 } }]);
  expect(isIgnored(read("local a -- luakit: ignore=sduo,run-cd"), "run-cd", 1)).toBe(true);
  expect(read("-- luakit: ignor=sudo\n\n").problems).toMatchObject([
    { message: '"ignor=sudo" says nothing to luakit' },
  ]);
  expect(read("-- luakit is good, luakit: better\nlocal a").problems).toEqual([]);
});

test("findings are switched off where a comment says so, in modules too", () => {
  const script = 'bk.export(bk.image("a") -- luakit: ignore=unpinned-image\n:run("sudo x"))';
  expect(lintFound(script)).toEqual(["sudo"]);
  const file = { name: "m.lua", data: 'return bk.image("b") -- luakit: ignore=unpinned-image' };
  const modules = { find: () => ({ found: { file, path: "m.lua" } }) };
  expect(lintFound('bk.export(require("m"))', { modules })).toEqual([]);
  const other = { ...file, data: 'return bk.image("b")' };
  const found = lintFindings('-- luakit: ignore=unpinned-image\n\nbk.export(require("m"))', {
    modules: { find: () => ({ found: { file: other, path: "m.lua" } }) },
  });
  expect(found).toMatchObject([{ rule: "unpinned-image", problem: { position: { file: "m.lua", line: 1 } } }]);
  expect(lintFound('bk.warn("old") -- luakit: ignore=script-warning')).toEqual([]);
});
