import type { Choice } from "./choice.ts";

/** Work without end, as statements. */
const endless = [
  "while true do end",
  "repeat until false",
  "::again:: goto again",
  "for i = 1, math.huge do local _ = i .. '' end",
  "while true do pcall(error, {}) end",
  "while true do pcall(string.rep, 'x', 1e9) end",
  "while true do coroutine.wrap(function() coroutine.yield() end)() end",
  "while true do setmetatable({}, {__gc = function() end}) end",
  "('a'):rep(30000):find(('.-'):rep(20) .. 'b')",
  "while true do ('a'):rep(1000):gsub('.-.-b', '%0') end",
  "while true do string.format('%99d%99s', 1, 'x') end",
  "while true do table.concat({('x'):rep(1000), 'y'}) end",
  "table.sort(setmetatable({}, {__len = function() return 1e9 end, __index = function() return 1 end, __newindex = function() end}))",
  "while true do bk.image('a'):run('x') end",
  "while true do pcall(bk.image, nil) end",
  "while true do pcall(bk.local_, 'x', {include = {'', 1, print}}) end",
  "while true do bk.scratch():files(function(f) f:mkdir('/a') end) end",
  "while true do tostring(bk.platform('linux/arm64')) end",
  "while true do pcall(require, 'none' .. math.random(1e9)) end",
  "while true do load('return ' .. ('1 + '):rep(1000) .. '1')() end",
  "while true do json.decode('[' .. ('[1],'):rep(10000) .. '1]') end",
  "while true do print(('x'):rep(10000)) end",
  "while true do bk.log({1, 2, 3}) end",
  "for k in function() return 1 end do end",
  "local c = coroutine.wrap(function() while true do coroutine.yield(1) end end) while true do c() end",
  "while true do bk.expand(('${A:-'):rep(50) .. 'x' .. ('}'):rep(50)) end",
  "while true do pcall(bk.expand, '${A//*a*a*a*a*a*b/x}', {A = ('a'):rep(2000)}) end",
];

/** Calls of ours that have much to do, or would never end. */
const laborious = [
  "local t = {} for i = 1, 60 do t = {t, t} end json.encode(t)",
  "local t = {} for i = 1, 60 do t = {a = t, b = t} end bk.log(t)",
  'bk.expand("${A//a/" .. ("b"):rep(1e5) .. "}", {A = ("a"):rep(1e6)})',
  'bk.expand("${A//" .. ("*a"):rep(50) .. "b/x}", {A = ("a"):rep(300000)})',
  "print(('x'):rep(400000000))",
  "pcall(bk.image, ('x'):rep(200000000)) error(('y'):rep(200000000))",
  "while true do pcall(bk.image('a').run, bk.image('a'), 'x', {[('x'):rep(1e6)] = 1}) end",
  "while true do pcall(json.decode, '\"' .. ('\\\\u0041'):rep(2e6) .. '\"') end",
  "while true do pcall(bk.git, ('a:'):rep(1e6) .. '#' .. (':'):rep(1e6)) end",
  "while true do pcall(bk.export, bk.scratch(), {healthcheck = {test = 'x', interval = ('1h'):rep(1e6)}}) end",
  "while true do pcall(bk.platform, ('a/'):rep(1e6)) pcall(bk.cache, ('../'):rep(1e6)) end",
];

/** Growth without end. */
const growing = [
  "local t = {} while true do t[#t + 1] = {} end",
  "local s = 'x' while true do s = s .. s end",
  "local s = ('x'):rep(1e9)",
  "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
  "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
  "local t = {} while true do t[#t + 1] = bk.image('a'):run('x' .. #t) end",
  "local t, i = {}, {} for n = 1, 2000 do i[n] = 'p' .. n end while true do t[#t + 1] = bk.local_('x', {include = i}) end",
  "local t, s = {}, {} for n = 1, 2000 do s[n] = bk.image('a'):run('x' .. n) end while true do t[#t + 1] = bk.merge(s) end",
  "local s, e = bk.image('a'), {} for n = 1, 5000 do e['V' .. n] = 'v' end while true do s = s:with_env(e) end",
  "while true do bk.warn('x') end",
  "local i = 0 while true do i = i + 1 bk.arg('a' .. i) end",
  "local i = 0 while true do i = i + 1 bk.target('t' .. i, function() end) end",
  "bk.scratch():files(function(f) while true do f:mkfile('/x', ('y'):rep(1000)) end end)",
  "local s = bk.scratch() while true do s = s:mkfile('/x', ('y'):rep(1e5)) end",
  "local t = {} while true do t = {t, json.decode('[' .. ('[1],'):rep(1000) .. '1]')} end",
  "('a'):rep(1e5):gsub('.', ('x'):rep(1e5))",
];

/** Depth without end. */
const deep = [
  "local function f() return 1 + f() end f()",
  "local function f() pcall(f) return 1 + f() end f()",
  "local function f() coroutine.wrap(f)() end f()",
  "local function f() return (('x'):gsub('x', f)) end f()",
  "local function f() table.sort({1, 2}, f) end f()",
  "local function f() bk.scratch():files(f) end f()",
  "local t t = setmetatable({}, {__index = function(_, k) return t[k] end}) local _ = t.x",
  "local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) print(t)",
  "local t t = setmetatable({}, {__concat = function(a, b) return a .. b end}) local _ = t .. t",
  "local t t = setmetatable({}, {__eq = function(a, b) return a == setmetatable({}, getmetatable(t)) end}) local _ = t == setmetatable({}, getmetatable(t))",
  "local t t = setmetatable({}, {__close = function() local x <close> = t error(x) end}) local x <close> = t",
  "function F() return load('return F() + 1')() end F()",
  "xpcall(error, function(e) return error(e) end) local function f() xpcall(f, f) return 1 + f() end f()",
];

/** Graphs that take no time in Lua, and much when they are written. */
const vast = [
  "local s = bk.image('a') for i = 1, 20000 do s = s:with_dir('ddddddddddd'):run('x') end pcall(bk.export, s)",
  "local s = bk.image('a') for i = 1, 20000 do s = s:with_env({['V' .. i] = 'value'}):run('x') end pcall(bk.export, s)",
  "local s = bk.image('a') for i = 1, 40000 do s = s:with_env({A = 'x' .. i}):run('x') end pcall(bk.export, s)",
  "local s = bk.image('a') for i = 1, 20000 do s = s:with_env({['V' .. i] = '$B'}, {expand = true}) end for i = 1, 200 do s = s:run('x' .. i) end pcall(bk.export, s)",
  "local s, m = bk.image('a'), {} for i = 1, 3000 do m[i] = bk.bind(s, '/m' .. i) end for i = 1, 3000 do s = s:run('x', {mounts = m}) end pcall(bk.export, s)",
  "local s = bk.image('a'):run('x') for i = 1, 30 do s = bk.merge(s:run('a'), s:run('b' .. i), s, s) end for i = 1, 1e5 do s = s:run('x') end pcall(bk.export, s)",
  "local s, h = bk.image('a'), {} for i = 1, 2000 do h['h' .. i] = '10.0.0.1' end for i = 1, 2000 do s = s:with_hosts(h):run('x') end pcall(bk.export, s)",
];

/** Places to do it in; B stands for the statements. */
const places = [
  "B",
  "pcall(function() B end)",
  "while true do pcall(function() B end) end",
  "coroutine.wrap(function() B end)()",
  "local c = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() B end}) coroutine.yield() end) coroutine.resume(c) coroutine.close(c)",
  "setmetatable({}, {__gc = function() B end}) collectgarbage() B",
  "do local x <close> = setmetatable({}, {__close = function() B end}) end",
  "xpcall(error, function() B end)",
  "bk.scratch():files(function(f) B end)",
  "table.sort({1, 2}, function() B end)",
  "('x'):gsub('x', function() B end)",
  "print(setmetatable({}, {__tostring = function() B end}))",
  "error(setmetatable({}, {__tostring = function() B end}))",
  "local _ = setmetatable({}, {__index = function() B end}).x",
  "load(function() B end)",
  'assert(load("return function(f) f() end"))()(function() B end)',
  "require('m')(function() B end)",
  "bk.target('t', function() B end)",
  "for _ in pairs(setmetatable({}, {__pairs = function() B end})) do end",
  "local f <const> = function(...) B end f(table.unpack({}, 1, 200))",
];

export interface Hog {
  readonly script: string;
  /** What its one error is about. */
  readonly kind: "time" | "growth" | "depth" | "graph";
}

/** A script that wants more time, memory or stack than there is, from some place. */
export function hogScript(choice: Choice): Hog {
  const kinds = [
    ["time", endless],
    ["time", laborious],
    ["growth", growing],
    ["growth", growing],
    ["depth", deep],
    ["graph", vast],
  ] as const;
  const [kind, bodies] = kinds[choice.below(kinds.length)] ?? kinds[0];
  const body = choice.any(bodies) ?? "while true do end";
  const nested =
    choice.percent(40) && kind !== "graph" ? (choice.any(places) ?? "B").replace(/\bB\b/g, () => body) : body;
  const script = kind === "graph" ? nested : (choice.any(places) ?? "B").replace(/\bB\b/g, () => nested);
  return { kind, script: `-- ${kind}\n${script}\npcall(bk.export, bk.scratch())\n` };
}
