import { expect, test } from "bun:test";
import { lintFindings, lintFound } from "../lint-found.ts";

const count = (script: string, rule: string) => lintFound(script).filter((each) => each === rule).length;

test.each([
  ["bk.log(unpack({1}))", 1],
  ["local f = loadstring", 1],
  ["local unpack = table.unpack or unpack\nbk.log(unpack({1}))", 0],
  ["bk.log(table.unpack({1}))", 0],
  ["local t = {unpack = 1}\nbk.log(t.unpack)", 0],
  ["local function f() return table.getn({}) end\nbk.log(f)", 1],
  ["local function f() return math.pow(1, 2) end\nbk.log(f)", 1],
  ["local table = {getn = print}\ntable.getn()", 0],
])("deprecated-name: %j", (script, found) => {
  expect(count(script, "deprecated-name")).toBe(found);
});

test.each([
  ["mode = 493", 1],
  ["mode = 420", 1],
  ["mode = 0x1ed", 0],
  ['mode = "0755"', 0],
  ["mode = tonumber('755', 8)", 0],
])("decimal-mode: %s", (option, found) => {
  expect(count(`bk.export(bk.scratch():mkdir("/a", {${option}}))`, "decimal-mode")).toBe(found);
});

test.each([
  ["x = 1", "implicit-global", 1],
  ["x = 1 x = 2", "implicit-global", 1],
  ["function f() end", "implicit-global", 1],
  ["local x\nx = 1", "implicit-global", 0],
  ["local function f() end", "implicit-global", 0],
  ["local M = {}\nfunction M.f() end\nM.x = 1", "implicit-global", 0],
  ["local function f() return nosuch end", "undefined-global", 1],
  ["x = 1\nbk.log(x)", "undefined-global", 0],
  ["local function f() return later end\nlater = 1\nbk.log(f)", "undefined-global", 0],
  ["if jit then bk.log(1) end", "undefined-global", 0],
  ["local v = DEBUG or false", "undefined-global", 0],
  ["local x <const> = 1\nbk.log(x // 1, x ~ 2, utf8.char(x))", "undefined-global", 0],
  ["goto done\n::done::", "undefined-global", 0],
  ["setmetatable(_G, {__index = function() return 1 end})\nbk.log(anything)", "undefined-global", 0],
  ["bk.log(_G.bk ~= nil, json.encode({1}), os.time(), string.rep('a', 2))", "undefined-global", 0],
])("%j: %s", (script, rule, found) => {
  expect(count(script, rule)).toBe(found);
});

test("a place has its columns, below lines that Lua does not see too", () => {
  const [finding] = lintFindings('#!/usr/bin/env -S luakit build\n#syntax=x\nlocal e = "é" bk.log(unpack({e}))');
  expect(finding?.problem.position).toMatchObject({ line: 3, column: 22, endColumn: 28 });
});

test("all that Lua 5.4 can read is read", () => {
  const script = `local a <close> = nil
    local s = "\\u{1F600}\\z
      \\x41" .. [==[ ]] ]==]
    local n = 0x1p4 + 3e2 + 1 // 2 ~ 5 & 3 | 1 << 2 >> 1
    for i = 1, 2 do goto continue; bk.log(i); ::continue:: end
    repeat local done = true until done
    local function f(...) local x, y = ..., #{...}; return x, y end
    bk.log(s, n, f(1), unpack({}));`;
  expect(count(script, "deprecated-name")).toBe(1);
});
