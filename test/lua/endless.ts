/** Scripts that never end; none of them runs long within one C function. */
export const endless: Readonly<Record<string, string>> = {
  "an endless loop": "while true do end",
  "a loop that swallows errors": "while true do pcall(error, 'x') end",
  "a loop of xpcall with a handler that fails": "while true do xpcall(error, function() error('again') end) end",
  "a loop within a coroutine": "coroutine.wrap(function() while true do end end)()",
  "coroutines without end": "while true do coroutine.wrap(function() coroutine.yield() end)() end",
  "a coroutine that catches and yields": `
    local co = coroutine.wrap(function() while true do pcall(function() while true do end end) coroutine.yield() end end)
    while true do co() end`,
  "pcall around the loop, again and again": "while true do pcall(function() while true do end end) end",
  "a metamethod": "local t = setmetatable({}, {__index = function(t, k) while true do end end}) local x = t.y",
  "a comparator": "table.sort({3, 2, 1}, function(a, b) while true do end end)",
  "a replacement": "('x'):gsub('x', function() while true do end end)",
  "a closed variable": "local x <close> = setmetatable({}, {__close = function() while true do end end})",
  "an iterator": "for _ in function() return 1 end do end",
  "an iterator of a table":
    "local t = setmetatable({}, {__pairs = function() return function() return 1 end end}) for _ in pairs(t) do end",
  "an endless count": "for i = 1, 1 << 62 do end",
  "an endless count in fractions": "for i = 1, 1e300, 0.5 do end",
  repetition: "repeat local x = 1 until x == 2",
  "calls at the end of calls": "local function f(...) return f(...) end f(1)",
  "calls without end": "local function f(n) if n < 2 then return n end return f(n - 1) + f(n - 2) end f(90)",
  "calls of what is no function": "local t = setmetatable({}, {__call = function(t) return t() end}) t()",
  "an operator": "local t = setmetatable({}, {__add = function(t) return t end}) while t + 1 do end",
  goto: "::top:: goto top",
  "an endless load": "load(function() return 'x = 1 ' end)",
};
