import { testLimits } from "../support/limit-cases.ts";

const forever = "while true do end";

testLimits("endless loops", [
  { title: "a loop", script: forever },
  { title: "a repeat", script: "repeat until false" },
  { title: "a numeric for", script: "for i = 1, math.huge do end" },
  { title: "a goto", script: "::again:: goto again" },
  { title: "tail calls", script: "local function f() return f() end f()" },
  { title: "a generic for", script: "for _ in function() return 1 end do end" },
  { title: "errors swallowed by pcall", script: `while true do pcall(function() ${forever} end) end` },
  { title: "errors swallowed one by one", script: 'while true do pcall(error, "x") end' },
  { title: "pcall within pcall", script: `pcall(pcall, pcall, function() ${forever} end) ${forever}` },
  { title: "a pcall that calls itself", script: "local function f() pcall(f) f() end f()" },
  {
    title: "an error handler that raises errors",
    script: 'local function h(e) error(e) end while true do xpcall(error, h, "x") end',
  },
  { title: "an error handler that never returns", script: `xpcall(error, function() ${forever} end)` },
  { title: "a coroutine", script: `coroutine.wrap(function() ${forever} end)()` },
  {
    title: "coroutines that yield for ever",
    script: `local c = coroutine.wrap(function() while true do coroutine.yield() end end) while true do c() end`,
  },
  { title: "new coroutines", script: "while true do coroutine.wrap(function() end)() end" },
  {
    title: "a coroutine within pcall within a coroutine",
    script: `coroutine.wrap(function() while true do
      pcall(function() coroutine.wrap(function() ${forever} end)() end) end end)()`,
  },
  {
    title: "a coroutine that is closed",
    script: `local c = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() ${forever} end})
      coroutine.yield() end) coroutine.resume(c) coroutine.close(c)`,
  },
]);

testLimits("endless metamethods", [
  { title: "__gc", script: `setmetatable({}, {__gc = function() ${forever} end}) collectgarbage()` },
  { title: "__gc of many", script: `for i = 1, 1e9 do setmetatable({}, {__gc = function() ${forever} end}) end` },
  { title: "__close", script: `do local x <close> = setmetatable({}, {__close = function() ${forever} end}) end` },
  {
    title: "__close that raises errors",
    script: `while true do pcall(function()
      local x <close> = setmetatable({}, {__close = function() error("x") end}) error("y") end) end`,
  },
  { title: "__index", script: `return setmetatable({}, {__index = function() ${forever} end}).x` },
  { title: "__newindex", script: `setmetatable({}, {__newindex = function() ${forever} end}).x = 1` },
  {
    title: "__eq",
    script: `local m = {__eq = function() ${forever} end} return setmetatable({}, m) == setmetatable({}, m)`,
  },
  { title: "__tostring", script: `tostring(setmetatable({}, {__tostring = function() ${forever} end}))` },
  { title: "__tostring of an error", script: `error(setmetatable({}, {__tostring = function() ${forever} end}))` },
  {
    title: "__tostring in string.format",
    script: `string.format("%s", setmetatable({}, {__tostring = function() ${forever} end}))`,
  },
  {
    title: "__len and __index that claim endless items",
    script: 'table.concat(setmetatable({}, {__len = function() return 1e15 end, __index = function() return "x" end}))',
  },
  {
    title: "__pairs",
    script: "for _ in pairs(setmetatable({}, {__pairs = function() return function() return 1 end end})) do end",
  },
  { title: "__call", script: `setmetatable({}, {__call = function() ${forever} end})()` },
]);

testLimits("within functions of C", [
  { title: "a pattern with many quantifiers", script: 'local s = ("a"):rep(30000) s:find((".-"):rep(20) .. "b")' },
  { title: "string.match", script: 'local s = ("a"):rep(3000) s:match((".*"):rep(10) .. "b")' },
  { title: "gsub over and over", script: 'local s = ("a"):rep(1e5) while true do s:gsub(".-.-.-b", "") end' },
  { title: "gsub with a function", script: `("a"):gsub(".", function() ${forever} end)` },
  { title: "gmatch", script: 'for _ in (("a"):rep(1e5)):gmatch(".-.-.-b") do end' },
  { title: "balanced parentheses that are not", script: '(("("):rep(1e6)):find("%b()")' },
  {
    title: "a pattern within pcall",
    script: 'while true do pcall(string.find, ("a"):rep(30000), (".-"):rep(20) .. "b") end',
  },
  { title: "table.sort with an endless comparator", script: `table.sort({1, 2, 3}, function() ${forever} end)` },
  {
    title: "table.sort with a comparator that makes no order",
    script:
      "local t = {} for i = 1, 1e5 do t[i] = i % 7 end while true do pcall(table.sort, t, function() return true end) end",
  },
  { title: "table.move", script: "table.move({}, 1, 1e15, 2)" },
  {
    title: "string.format",
    script:
      'local f = ("%99d"):rep(200) local t = {} for i = 1, 200 do t[i] = i end while true do f:format(table.unpack(t)) end',
  },
  { title: "load of endless pieces", script: 'load(function() return "x = 1 " end)' },
  { title: "load of large texts", script: 'while true do load("return " .. ("1 + "):rep(1e5) .. "1")() end' },
  { title: "load of nested parentheses", script: 'local s = "return " .. ("("):rep(1e6) while true do load(s) end' },
  { title: "string.rep that is refused and tried again", script: 'while true do pcall(string.rep, "x", 1e9) end' },
  { title: "json.decode", script: 'local s = "[" .. ("{},"):rep(1e6) .. "1]" while true do json.decode(s) end' },
]);

testLimits("endless building", [
  { title: "ops", script: 'local s = bk.image("a") while true do s = s:run("x") end' },
  { title: "ops that are dropped", script: 'local s = bk.image("a") while true do s:run("x") end' },
  {
    title: "states:files",
    script: 'bk.scratch():files(function(f) while true do f:mkdir("/x") end end)',
    // A quick machine makes half a million in a second.
    error: /the script (?:ran for more than 1 s|uses more than 512 MiB of memory)/,
  },
  { title: "a target's function", script: `bk.target("t", {}, function() ${forever} end)` },
  { title: "targets", script: 'local i = 0 while true do i = i + 1 bk.target("t" .. i, {}, function() end) end' },
  { title: "arguments", script: 'local i = 0 while true do i = i + 1 bk.arg("a" .. i) end' },
  { title: "warnings", script: 'while true do bk.warn("x") end' },
  {
    title: "requiring",
    script: 'local i = 0 while true do i = i + 1 pcall(require, "m" .. i) end',
  },
  { title: "a module that never ends", script: 'require "m"', files: { "m.lua": forever } },
]);
