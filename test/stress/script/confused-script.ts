import { apiFunctions } from "../../../src/api/api.ts";
import { callText } from "./call-text.ts";
import type { Choice } from "./choice.ts";
import { oddValue } from "./odd-value.ts";
import { head } from "./script-text.ts";
import { wrap } from "./wrap.ts";

/** Functions of Lua that take anything without running long; V is an odd value. */
const library = [
  ...[
    "string.format(V, V, V)",
    'string.format("%q %s %d %5.3f %c %x %a %i %p", V, V, V, V, V, V, V, V, V)',
    "string.rep(V, 3, V)",
    "string.sub(V, V, V)",
  ],
  ...[
    "string.byte(V, V, V)",
    "string.char(V, V)",
    "string.reverse(V)",
    "string.pack(V, V, V)",
    'string.pack("i17s4zj", V)',
    "string.unpack(V, V, V)",
  ],
  ...[
    '("a b"):gsub("%w", V)',
    "(tostring(V)):sub(1, 50):gsub('(.)', '%1%1%0')",
    '("x"):find(V, V, V)',
    '("x = 1"):match("(%w+) = (%w+)", V)',
    "string.packsize(V)",
  ],
  ...[
    "table.concat(V, V, V, 9)",
    "table.insert(V, V, V)",
    "table.remove(V, V)",
    "table.unpack(V, 1, 20)",
    "table.sort(V, V)",
    "table.move(V, 1, 20, V)",
  ],
  ...[
    "math.floor(V)",
    "math.tointeger(V)",
    "math.random(V, V)",
    "math.fmod(V, V)",
    "math.ult(V, V)",
    "utf8.char(V)",
    "utf8.codepoint(V, V, V)",
    "utf8.len(V, V, V)",
  ],
  ...[
    "utf8.offset(V, V, V)",
    "coroutine.wrap(V)(V)",
    "coroutine.resume(V, V)",
    "coroutine.close(V)",
    "coroutine.isyieldable(V)",
    "coroutine.status(V)",
  ],
  ...[
    "setmetatable(V, V)",
    "getmetatable(V)",
    "rawset(V, V, V)",
    "rawget(V, V)",
    "rawlen(V)",
    "rawequal(V, V)",
    "next(V, V)",
    "select(V, V)",
    "tostring(V)",
  ],
  ...[
    "tonumber(V, V)",
    "ipairs(V)",
    "pairs(V)",
    "load(V, V, V, V)",
    "require(V)",
    "os.getenv(V)",
    "os.date(V, V)",
    "os.time(V)",
    "os.clock(V)",
    "error(V, V)",
  ],
  ...[
    "assert(V, V)",
    "pcall(V, V)",
    "xpcall(V, V, V)",
    "collectgarbage(V, V)",
    "warn(V)",
    "print(V, V)",
    "json.encode(V)",
    "json.decode(V)",
    "unpack(V, 1, 9)",
  ],
  ...[
    "(V) + (V)",
    "(V) .. (V)",
    "(V) < (V)",
    "(V) == (V)",
    "#(V)",
    "(V)[V]",
    "(V)(V)",
    "-(V)",
    "(V) // (V)",
    "(V) << (V)",
    "(V)[V][V]",
    "bk.log(V, V)",
    "bk[V]",
    "bk.image('a')[V]",
    "S[1][V](S[1], V)",
  ],
];

/** What takes the ground away under the feet of what runs on top of Lua; others come after it. */
const tampering = [
  ...[
    "bk.image = nil",
    "bk = nil",
    "_G.bk = setmetatable({}, {__index = bk})",
    "string.rep = error",
    "getmetatable('').__index = bk",
    "getmetatable('').__index = nil",
  ],
  ...[
    "next = nil",
    "pairs = error",
    "tostring = nil",
    "type = nil",
    "package = nil",
    "package.loaded = 1",
    "package.loaded.m = bk",
    "package.path = 1",
    "json = nil",
  ],
  ...[
    "setmetatable(_G, {__index = function(_, k) error(k) end, __newindex = error})",
    "_ENV = setmetatable({}, {__index = _ENV})",
    "error = nil",
    "select = nil",
  ],
  ...[
    "for k in pairs(string) do string[k] = nil end",
    "for k in pairs(table) do table[k] = error end",
    "os.getenv = os",
    "setmetatable(os, nil)",
    "rawset(bk, 'run', bk)",
  ],
  ...[
    "setmetatable(string, {__index = error})",
    "collectgarbage('stop')",
    "collectgarbage('generational')",
    "collectgarbage('setpause', 1)",
    "math.randomseed(nil)",
  ],
  ...[
    "for k, v in pairs(bk) do bk[k] = function(...) return v(...) end end",
    "S[1].run = 1",
    "require = nil",
    "print = nil",
    "coroutine.wrap = coroutine.create",
  ],
];

/** Calls from where nobody expects one. */
const reentry = [
  "S[1]:files(function(f) leaked = f coroutine.yield(f) end)",
  "coroutine.wrap(function() S[1]:files(function(f) f:mkdir('/a') coroutine.yield(f) f:mkdir('/b') end) end)()",
  "S[1]:files(function(f) f:copy(S[1]:files(function(g) g:mkdir('/x') end), '/', '/y') end)",
  "S[1]:files(function(f) error(f) end)",
  "S[1]:files(function(f) error(setmetatable({}, {__tostring = function() return S[1]:files(function() end) end})) end)",
  "leaked:mkdir('/late')",
  "S[1].run(leaked, 'x')",
  "bk.scratch.run()",
  "S[1]['run'](M[1], 'x')",
  "S[1]:run('x', setmetatable({}, {__index = function() bk.export(S[1]) end}))",
  "do local x <close> = setmetatable({}, {__close = function(_, e) bk.log(e) S[1]:run('x') error('c') end}) error('d') end",
  "setmetatable({}, {__gc = function() bk.export(S[1]) S[1]:files(function(f) f:mkdir('/gc') end) error('gc') end}) collectgarbage()",
  "setmetatable({}, {__gc = function(o) coroutine.yield(bk.scratch()) end}) collectgarbage()",
  "xpcall(function() S[1]:run(nil) end, function(e) S[1]:run(nil) end)",
  "xpcall(function() error('x') end, function(e) return S[1]:files(function(f) f:mkdir('/h') end) end)",
  "bk.target('t' .. #S, function() return setmetatable({}, {__index = bk}), 1 end)",
  "bk.target('u', function() coroutine.yield(S[1]) end)",
  "table.sort({3, 2, 1}, function(a, b) S[#S + 1] = S[1]:run('sort') return S[1] == S[#S] end)",
  "('abc'):gsub('.', function(c) return bk.scratch() end)",
  "('abc'):gsub('.', {a = S[1], b = bk.expand('$x', {x = 1})})",
  "load(function() return bk.log end)",
  "load(function() coroutine.yield() end)",
  "require('m')(function() require('m') error(S[1]) end)",
  "pcall(pcall, pcall, S[1].run, S[1])",
  "error(S[1])",
  "error(setmetatable({}, {__tostring = function() error('again') end}))",
  "error(setmetatable({}, {__tostring = function() return 'build.lua:1: ' .. ('x'):rep(100000) end}))",
  "error('build.lua:999999: far', 0)",
  "error('m.lua:0: zero', 0)",
  "error('build.lua:-1: \\27[31m\\0\\xff', 0)",
  "error(nil)",
  "error('deep', 40)",
  "assert(nil)",
  "assert(false, S[1])",
  "bk.merge(table.unpack(S))",
  "bk.merge({S[1], nil, S[1]})",
  "bk.export({['linux/amd64'] = S[1], ['linux/arm64'] = bk.scratch(), ['linux/x86_64'] = S[1]})",
];

/** A script of calls with values that do not belong there, from places where they do not belong either. */
export function confusedScript(choice: Choice): string {
  const handle = (type: string) =>
    type === "Mount" ? "M[1]" : type === "State" ? `S[${1 + choice.below(4)}]` : "P[1]";
  const around = { choice, handle };
  const lines = [
    ...head,
    "S[1], S[2], S[3] = bk.image(BUSYBOX), bk.scratch(), bk.local_('context')",
    "S[4], M[1], P[1] = S[1]:run('true', {mounts = {bk.bind(S[2], '/o', {readonly = false})}}), bk.tmpfs('/mnt/t'), bk.target_platform()",
  ];
  const expression = (): string => {
    if (choice.percent(25)) return (choice.any(library) ?? "V").replace(/\bV\b/g, () => oddValue(choice));
    const fn = choice.any(apiFunctions);
    if (fn === undefined) return "nil";
    return callText(
      fn,
      { ...around, odd: choice.pick([10, 30, 60]) },
      choice.percent(10) ? `(${oddValue(choice)})` : handle("State"),
    );
  };
  for (const _ of choice.several(5, 40, () => 0)) {
    if (choice.percent(12)) lines.push(`try(function() ${choice.any(reentry)} end)`);
    else if (choice.percent(3)) lines.push(`pcall(function() ${choice.any(tampering)} end)`);
    else lines.push(`keep(try(function() ${wrap(expression(), choice)} end))`);
  }
  if (choice.percent(15)) lines.push(choice.any(reentry) ?? "");
  lines.push("pcall(bk.export, #S > 1 and bk.merge(S) or S[1])");
  return `${lines.join("\n")}\n`;
}
