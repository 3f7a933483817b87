import { testLimits } from "../support/limit-cases.ts";

const memory = /the script uses more than 512 MiB of memory/;
const overflow = /stack overflow/;
const seconds = 60;

testLimits("too much memory", [
  { title: "string.rep", script: 'local s = ("x"):rep(1e9)', error: memory, seconds },
  { title: "a string that doubles", script: 'local s = "x" while true do s = s .. s end', error: memory, seconds },
  { title: "a table of numbers", script: "local t = {} for i = 1, 1e12 do t[i] = i end", error: memory, seconds },
  {
    title: "a table of tables",
    script:
      "local t while true do t = {t, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9} end",
    error: memory,
    seconds,
  },
  {
    title: "a table of strings",
    script: 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1e3):rep(1e3) .. i end',
    error: memory,
    seconds,
  },
  {
    title: "coroutines that are kept",
    script: "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
    error: memory,
    seconds,
  },
  {
    title: "table.concat",
    script: 'local t = {} for i = 1, 1000 do t[i] = ("x"):rep(1e3):rep(1e3) end table.concat(t)',
    error: memory,
    seconds,
  },
  { title: "gsub that grows", script: 'local s = ("a"):rep(1e5) s:gsub(".", ("x"):rep(1e5))', error: memory, seconds },
  {
    title: "one large string from another",
    script: 'local s = ("x"):rep(1e4):rep(3e4) s = s .. "1"',
    error: memory,
    seconds,
  },
  {
    title: "large files",
    script: 'local s = bk.scratch() while true do s = s:mkfile("/x", ("x"):rep(1e3):rep(1e3)) end',
    error: memory,
    seconds,
  },
  {
    title: "large files of one op",
    script: 'bk.scratch():files(function(f) local d = ("x"):rep(1e3):rep(1e3) while true do f:mkfile("/x", d) end end)',
    error: memory,
    seconds,
  },
  {
    title: "a table in coroutines",
    script: "local t = {} while true do coroutine.wrap(function() for i = 1, 1e5 do t[#t + 1] = {} end end)() end",
    error: memory,
    seconds,
  },
  {
    title: "swallowed by pcall, time ends it",
    script: "while true do pcall(function() local t = {} for i = 1, 1e12 do t[i] = i end end) end",
    seconds: 3,
  },
]);

testLimits("too deep", [
  {
    title: "a function that calls itself",
    script: "local function f() return 1 + f() end f()",
    error: overflow,
    seconds,
  },
  {
    title: "two that call each other",
    script: "local f, g function f() return 1 + g() end function g() return 1 + f() end f()",
    error: overflow,
    seconds,
  },
  {
    title: "__index",
    script: "local t = {} setmetatable(t, {__index = function(t, k) return t[k] end}) return t.x",
    error: overflow,
    seconds,
  },
  {
    title: "__tostring",
    script: "local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) error(t)",
    error: overflow,
    seconds,
  },
  {
    title: "coroutines within coroutines",
    script: "local function f() coroutine.wrap(f)() end f()",
    error: overflow,
    seconds,
  },
  { title: "gsub within gsub", script: 'local function f() ("x"):gsub("x", f) end f()', error: overflow, seconds },
  {
    title: "table.sort within table.sort",
    script: "local function f() table.sort({1, 2}, f) end f()",
    error: overflow,
    seconds,
  },
  {
    title: "an API call within an API call",
    script: "local function f() bk.scratch():files(f) end f()",
    error: overflow,
    seconds,
  },
  {
    title: "nested source",
    script: 'assert(load("return " .. ("("):rep(1e6) .. "1"))',
    error: /overflow|too many (C levels|nested)/,
    seconds,
  },
  {
    title: "a module that requires itself",
    script: 'require "m"',
    files: { "m.lua": 'return require "m"' },
    error: /module "m" requires itself/,
  },
  {
    title: "modules that require each other",
    script: 'require "one"',
    files: {
      "one.lua": 'return require "two"',
      "two.lua": 'return require "three"',
      "three.lua": 'return require "one"',
    },
    error: /module "one" requires itself through two\.lua, three\.lua/,
  },
  {
    title: "json.encode of nested tables",
    script: "local t = {} for i = 1, 1e5 do t = {t} end json.encode(t)",
    seconds,
    error: /json\.encode: .*nested more than \d+ deep/,
  },
  {
    title: "json.encode of a table that holds itself",
    script: "local t = {} t.t = t json.encode(t)",
    seconds,
    error: /json\.encode: .*the table holds itself/,
  },
  {
    title: "json.decode of nested text",
    script: 'json.decode(("["):rep(1e6))',
    seconds,
    error: /json\.decode: .*nested/,
  },
]);
