import type { Choice } from "./choice.ts";

/** Ways to come to a value, each the body of a function; V stands for the expression that gives it. */
const ways = [
  "return V",
  "return V",
  "local v for i = 1, 2 do v = V end return v",
  "return (function(...) return ... end)(V)",
  "local co = coroutine.wrap(function() coroutine.yield(1) return V end) co() return co()",
  "local ok, v = pcall(function() return V end) if not ok then error(v, 0) end return v",
  "local v xpcall(function() v = V end, function(e) print('H ' .. tostring(e)) return e end) return v",
  "local t = setmetatable({}, {__index = function(_, k) return V end}) return t.x",
  "local t = setmetatable({}, {__call = function(...) return V end}) return t(1, nil)",
  "do goto done end ::done:: return V",
  "local x <close> = setmetatable({}, {__close = function() pcall(bk.scratch) end}) return V",
  "local v do local x <close> = setmetatable({}, {__close = function() v = V end}) end return v",
  "return (select(2, 1, V))",
  "local t = {n = 0, V} return t[1]",
  "repeat local v = V if v then return v end until true",
  "while true do return V end",
  "local v ('x'):gsub('.', function() v = V end) return v",
  "local v table.sort({2, 1}, function() v = v or V return false end) return v",
  "local v for _ in function() if not v then v = V return v and 1 end end do end return v",
  "local t = {} for i, v in ipairs({V}) do t[#t + 1] = v end return t[1]",
  "local f <const> = function() return V end return f()",
  "local function f(n) if n == 0 then return V end return f(n - 1) end return f(5)",
  "local function f(n) if n == 0 then return V end return (f(n - 1)) end return f(40)",
  "return table.unpack({V})",
  "local m = setmetatable({}, {__add = function() return V end}) return m + 1",
  "return assert(load('local f = ... return f()', '=x', 't'))(function() return V end)",
  "local v load(function() v = V return nil end) return v",
  "local t = {} rawset(t, 1, V) return rawget(t, 1)",
  "return require('m')(function() return V end)",
  "local co = coroutine.create(function() return V end) local _, v = coroutine.resume(co) coroutine.close(co) return v",
];

/** An expression as the body of a function that comes to it in some way. */
export function wrap(expression: string, choice: Choice): string {
  return (choice.any(ways) ?? "return V").replace(/\bV\b/g, () => expression);
}

/** The module that scripts may require. */
export const wrapModule = "return function(f) return f() end";
