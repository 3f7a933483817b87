import { expect, test } from "bun:test";
import { fail, failure, openHarness, run } from "./support.ts";

const removed = [
  "io.open('x')",
  "io.read()",
  "io.write('x')",
  "io.lines('x')",
  "io.popen('x')",
  "os.execute('x')",
  "os.exit(1)",
  "os.remove('x')",
  "os.rename('x', 'y')",
  "os.tmpname()",
  "os.setlocale('C')",
  "os.difftime(1, 2)",
  "debug.getinfo(1)",
  "debug.sethook()",
  "debug.getregistry()",
  "debug.traceback()",
  "dofile('x')",
  "loadfile('x')",
  "string.dump(print)",
  "package.loadlib('x', 'y')",
  "package.searchpath('x', 'y')",
];

for (const call of removed) {
  test(`${call} says that it is not available`, () => {
    const name = call.slice(0, call.indexOf("("));
    const error = fail(`\n${call}`);
    expect(error.message).toBe(`${name} is not available in build scripts`);
    expect(error.code).toBe("script.sandbox");
    expect(error.position?.line).toBe(2);
  });
}

test("nothing else is reachable", () => {
  const names = "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) out(table.concat(t, ' '))";
  expect(run(names)[0]?.split(" ")).toEqual([
    ...["_G", "_VERSION", "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable", "io"],
    ...["ipairs", "json", "load", "loadfile", "loadstring", "math", "next", "os", "out", "package", "pairs", "pcall"],
    ...["print", "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "string", "table"],
    ...["tonumber", "tostring", "type", "unpack", "utf8", "warn", "xpcall"],
  ]);
  const members = "local t = {} for k in pairs(os) do t[#t + 1] = k end table.sort(t) out(table.concat(t, ' '))";
  expect(run(members)).toEqual(["clock date getenv time"]);
});

test("package has no native loaders", () => {
  expect(run("out(tostring(package.cpath), tostring(package.searchers), type(package.path))")).toEqual([
    "nil nil string",
  ]);
  expect(run("package.path = package.path .. ';x' out('ok')")).toEqual(["ok"]);
});

test("what takes the place of a library cannot be undone", () => {
  expect(run("out(tostring(getmetatable(io)), tostring(getmetatable(os)))")).toEqual(["luakit luakit"]);
});

test("load reads text only", () => {
  expect(run("out(tostring(load('return 1 + 1')()))")).toEqual(["2"]);
  expect(run("out(tostring(loadstring('return ...')(7)))")).toEqual(["7"]);
  expect(run("out(load('return x', 'n', 't', {x = 'own'})())")).toEqual(["own"]);
  expect(run("local n = 0 out(tostring(load(function() n = n + 1 return ({'return ', '5'})[n] end)()))")).toEqual([
    "5",
  ]);
  for (const mode of ["", ", 'n', 'b'", ", 'n', 'bt'"]) {
    const [message] = run(`local f, e = load('\\27Lua' .. ('x'):rep(100)${mode}) out(tostring(f), e)`);
    expect(message).toBe("nil attempt to load a binary chunk (mode is 't')");
  }
});

test("names of Lua 5.1 are there", () => {
  expect(run("out(unpack({'a', 'b'})) out(table.unpack({'c'}))")).toEqual(["a b", "c"]);
});

test("os.getenv asks the VM", () => {
  const environment = (name: string) => (name === "A" ? "1" : undefined);
  expect(run("out(os.getenv('A'), tostring(os.getenv('PATH')))", { environment })).toEqual(["1 nil"]);
  expect(failure("os.getenv()")).toBe("build.lua:1: os.getenv: expected a variable's name, got nil");
});

test("print goes to the host, line by line", () => {
  const { vm, printed } = openHarness();
  vm.run({
    name: "build.lua",
    data: "print('a', 1, nil, true) print() print(setmetatable({}, {__tostring = function() return 'T' end}))",
  });
  expect(printed).toEqual(["a\t1\tnil\ttrue", "", "T"]);
});

test("collectgarbage does no harm", () => {
  expect(run("collectgarbage() collectgarbage('stop') out(type(collectgarbage('count')))")).toEqual(["number"]);
});

test("the string metatable is the script's own", () => {
  expect(run("getmetatable('').__index.twice = function(s) return s .. s end out(('a'):twice())")).toEqual(["aa"]);
});
