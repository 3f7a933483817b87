import { expect, setDefaultTimeout, test } from "bun:test";
import { oneOf, optional } from "../../src/lua/compose.ts";
import { bytes, text } from "../../src/lua/scalar.ts";
import { list, map } from "../../src/lua/table.ts";
import { endless } from "./endless.ts";
import { define, fail, run } from "./support.ts";

setDefaultTimeout(30_000);

const timeCap = 300;
const limits = { memory: 64 << 20, time: timeCap };

for (const [name, source] of Object.entries(endless)) {
  test(`${name} ends at the time cap`, () => {
    const started = performance.now();
    const error = fail(source, { limits: { memory: 512 << 20, time: timeCap } });
    expect(error.code).toBe("script.limit");
    expect(error.message).toBe("the script ran for more than 0.3 s");
    expect(error.position?.file).toBe("build.lua");
    expect(performance.now() - started).toBeLessThan(timeCap + 1000);
  });
}

/** Scripts that want more than there is. */
const greedy: Readonly<Record<string, string>> = {
  "string.rep": "local s = ('x'):rep(1e9)",
  "string.rep of what was repeated": "local s = 'x' for i = 1, 100 do s = s:rep(1000) end",
  concatenation: "local s = 'x' while true do s = s .. s end",
  "a table that grows": "local t = {} for i = 1, 1e9 do t[i] = i end",
  "tables in tables": "local t = {} while true do t = {t, {}, {}} end",
  "table.concat": "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1e5) end local s = table.concat(t)",
  "string.gsub": "local s = ('x'):rep(1e6):gsub('x', ('y'):rep(1000))",
  "string.format": "local s = ('x'):rep(3e7) s = s.format('%s%s%s', s, s, s)",
  closures: "local f = function() end while true do local g = f f = function() return g end end",
  "coroutines that are kept": "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
};

for (const [name, source] of Object.entries(greedy)) {
  test(`${name} ends at the memory cap`, () => {
    const error = fail(source, { limits: { memory: 64 << 20, time: 30_000 } });
    expect(error.code).toBe("script.limit");
    expect(error.message).toBe("the script uses more than 64 MiB of memory");
    expect(error.position?.line).toBe(1);
  });
}

test("a script may catch that it got no memory, and go on", () => {
  expect(run("local ok, e = pcall(string.rep, 'x', 1e9) out(tostring(ok), e)", { limits })).toEqual([
    "false not enough memory",
  ]);
});

test("memory that is free again does not count", () => {
  const source = "for i = 1, 200 do local s = ('x'):rep(1000000 + i) end out('ok')";
  expect(run(source, { limits: { memory: 32 << 20, time: 30_000 } })).toEqual(["ok"]);
});

test("what API calls keep counts as the script's memory, and no pcall hides that", () => {
  const keep = define({
    name: "keep",
    doc: "",
    example: "",
    params: [{ name: "data", kind: bytes }],
    run: () => undefined,
  });
  const source = "local s = ('x'):rep(1000000) while true do pcall(keep, s) end";
  const error = fail(source, { limits: { ...limits, time: 60_000 }, functions: [keep] });
  expect(error.message).toBe("the script uses more than 64 MiB of memory");
  expect(error.position?.line).toBe(1);
});

test("so do the items of lists and maps, and calls that give nothing", () => {
  const keep = define({
    name: "keep",
    doc: "",
    example: "",
    params: [{ name: "items", kind: optional(oneOf(list(text), map(text))) }],
    run: () => undefined,
  });
  for (const value of ["{table.unpack(t)}", "u", "nil"]) {
    const source = `local t, u = {}, {} for i = 1, 200 do t[i] = "x" u["k" .. i] = "x" end while true do keep(${value}) end`;
    const error = fail(source, { limits: { memory: 16 << 20, time: 60_000 }, functions: [keep] });
    expect(error.message).toBe("the script uses more than 16 MiB of memory");
  }
});

const recursions: Readonly<Record<string, string>> = {
  "a function that calls itself": "local function f() return f() + 1 end f()",
  "a function that catches itself": "local function f() pcall(f) f() end f()",
  "a metamethod that calls itself":
    "local t t = setmetatable({}, {__index = function(_, k) return t[k] end}) local x = t.x",
  "tostring that calls itself":
    "local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) tostring(t)",
  "a sort within a sort": "local function f() table.sort({2, 1}, f) end f()",
  "a gsub within a gsub": "local function f() return ('x'):gsub('x', f) end f()",
  "coroutines within coroutines": "local function f() coroutine.wrap(f)() end f()",
  "load within load": "function f() return load('return f()')() + 1 end f()",
  "a concatenation that calls itself":
    "local t t = setmetatable({}, {__concat = function(a, b) return t .. b end}) local s = t .. 'x'",
  "an error handler that fails": "local function h() error('x') end assert(xpcall(error, h, 'y'))",
};

for (const [name, source] of Object.entries(recursions)) {
  test(`${name} ends in a clear error`, () => {
    const error = fail(source, { limits: { memory: 512 << 20, time: 2000 } });
    expect(["script.limit", "script.runtime"]).toContain(error.code);
    expect(error.message).toMatch(
      /^stack overflow: calls are nested too deep$|^the script ran for more than 2 s$|error in error handling/,
    );
  });
}

test("a callback within a callback ends in a clear error", () => {
  const again = define({
    name: "again",
    doc: "",
    example: "",
    params: [{ name: "x", kind: text }],
    run: () => undefined,
  });
  const source = "local function f() again(setmetatable({}, {__index = f}).x or 'x') f() end f()";
  expect(fail(source, { functions: [again] }).message).toBe("stack overflow: calls are nested too deep");
});

test("deeply nested source ends in a clear error", () => {
  for (const source of [
    `x = ${"(".repeat(10_000)}1${")".repeat(10_000)}`,
    `x = ${"{".repeat(10_000)}${"}".repeat(10_000)}`,
    "do ".repeat(10_000),
    `x = ${"-".repeat(1)}${" not".repeat(100_000)} 1`,
    `x = 1${" .. 1".repeat(100_000)}`,
    `x = a${".b".repeat(100_000)}`,
    "local function f() ".repeat(10_000),
  ]) {
    const error = fail(source, { limits: { memory: 512 << 20, time: 5000 } });
    expect(error).toMatchObject({ position: { file: "build.lua", line: 1 } });
  }
});

test("a script that ended at a limit cannot go on", () => {
  const error = fail("local ok = pcall(function() while true do end end) out('alive')", { limits });
  expect(error.code).toBe("script.limit");
});

test("reading numbers of any size takes no time", () => {
  expect(run("out(tostring(tonumber(('9'):rep(1000000)) ~= nil))", { limits })).toEqual(["true"]);
});
