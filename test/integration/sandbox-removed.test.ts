import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(60_000);

/** What `luakit validate` says about a script, and its exit code. */
function validate(script: string): Promise<{ exitCode: number; text: string }> {
  return inDirectory(async (directory) => {
    writeScript(directory, script);
    const { exitCode, stdout, stderr } = await runLuakit(["validate"], {
      cwd: directory,
      env: { HOST_SECRET: "leaked" },
    });
    return { exitCode, text: stderr + stdout };
  });
}

/** Runs a script whose assertions must hold. */
async function holds(lua: string): Promise<void> {
  expect((await validate(`${lua}\nbk.export(bk.scratch())`)).text).toBe("✓ build.lua\n");
}

/** As holds, whatever hints and warnings are printed. */
async function asserts(lua: string): Promise<void> {
  expect((await validate(`${lua}\nbk.export(bk.scratch())`)).exitCode).toBe(0);
}

const removed = [
  ...["execute", "exit", "remove", "rename", "tmpname", "setlocale", "difftime"].map((name) => `os.${name}`),
  ...["open", "popen", "read", "write", "lines", "tmpfile", "close", "input", "output"].map((name) => `io.${name}`),
  ...["getinfo", "sethook", "getregistry", "getlocal", "setlocal", "getupvalue", "setmetatable", "traceback"].map(
    (name) => `debug.${name}`,
  ),
  ...["package.loadlib", "package.searchpath", "string.dump", "dofile", "loadfile"],
];

describe("functions that are not there say so", () => {
  let errors: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    const calls = removed.map((name) => `print(select(2, pcall(function() local x = 1; return (${name})("x") end)))`);
    const { text } = await validate(["", ...calls, "bk.export(bk.scratch())"].join("\n"));
    const lines = text.split("\n");
    errors = Object.fromEntries(removed.map((name, index) => [name, lines[index] ?? ""]));
  });

  test.each(removed)("%s", (name) => {
    expect(errors[name]).toBe(`build.lua:${removed.indexOf(name) + 2}: ${name} is not available in build scripts`);
  });

  test("at the script's line, with exit code 1", async () => {
    const { exitCode, text } = await validate('local ok = 1\n\nos.execute("rm -rf /")\n');
    expect(exitCode).toBe(1);
    expect(text).toContain("build.lua:3: os.execute is not available in build scripts\n");
    expect(text).toContain('> 3 | os.execute("rm -rf /")\n');
  });

  test("as methods and through names of their own too", async () => {
    expect((await validate('(" "):dump()')).text).toContain("string.dump is not available in build scripts");
    expect((await validate('local run = os["exec" .. "ute"] run("x")')).text).toContain("os.execute is not available");
  });
});

describe("what is there", () => {
  test("of os only getenv, time, date and clock", () =>
    holds(`
      local names = {}
      for name in pairs(os) do names[#names + 1] = name end
      table.sort(names)
      assert(table.concat(names, " ") == "clock date getenv time")
      assert(type(os.time()) == "number" and os.date("!%Y", 0) == "1970" and type(os.clock()) == "number")
      assert(os.time{year = 2000, month = 1, day = 1, hour = 0} == 946684800)`));

  test("no loaders and no path to C libraries", () =>
    holds("assert(package.cpath == nil and package.searchers == nil and package.loaders == nil)"));

  test("load takes text only", () =>
    holds(`
      assert(load("return 1 + 1")() == 2)
      local f, reason = load("\\27Lua\\x54\\0\\x19\\x93\\r\\n\\x1a\\n")
      assert(f == nil and reason:find("binary chunk"), reason)
      assert(load("\\27Lua", "x", "b") == nil and load("\\27Lua", "x", "bt") == nil)
      local done
      assert(load(function() if not done then done = true return "\\27Lua" end end) == nil)
      assert(load("x = 1", "x", "t", {}) ~= nil)`));

  test("the names of Lua 5.1", () =>
    asserts('assert(unpack({1, 2}) == 1 and select("#", unpack({1, 2})) == 2 and loadstring("return 7")() == 7)'));

  test("nothing of the host's environment", () =>
    asserts('for _, name in ipairs{"HOST_SECRET", "PATH", "HOME"} do assert(os.getenv(name) == nil) end'));

  test("the metatables of the sandbox are closed", () =>
    holds(`
      assert(getmetatable(os) == "luakit" and getmetatable(io) == "luakit")
      assert(not pcall(setmetatable, os, {}))
      assert(type(getmetatable(bk.scratch())) ~= "table")
      assert(not pcall(function() bk.scratch().run = 1 end))`));

  test("no way to the process", () =>
    holds(
      'for _, name in ipairs{"process", "js", "ffi", "jit", "Bun", "globalThis", "newproxy"} do assert(_G[name] == nil, name) end',
    ));
});

describe("the first line", () => {
  const fails = "\nerror('here')";
  const cases: [string, string, number][] = [
    ["a shebang", "#!/usr/bin/env luakit", 2],
    ["#syntax=", "#syntax=registry.example/luakit:1", 2],
    ["# syntax = with spaces", "# syntax = registry.example/luakit:1", 2],
    ["a #syntax= line under a shebang", "#!/usr/bin/env luakit\n#syntax=registry.example/luakit:1", 3],
    ["a shebang with a carriage return", "#!/usr/bin/env luakit\r", 2],
  ];

  test.each(cases)("%s is skipped and counted", async (_, head, line) => {
    const { exitCode, text } = await validate(head + fails);
    expect(exitCode).toBe(1);
    expect(text).toContain(`build.lua:${line}: here\n`);
    expect(text).toContain(`> ${line} | error('here')\n`);
  });

  test("alone is an empty script", async () => {
    expect((await validate("#syntax=registry.example/luakit:1")).text).toContain("the script exports nothing");
  });

  test.each([
    ["a second comment line", "#!/usr/bin/luakit\n# no syntax line\n"],
    ["a # line later on", "local x = 1\n#syntax=registry.example/luakit:1\n"],
    ["#syntax= after an empty line", "#!/usr/bin/luakit\n\n#syntax=registry.example/luakit:1\n"],
  ])("%s is a syntax error", async (_, script) => {
    const { exitCode, text } = await validate(`${script}bk.export(bk.scratch())`);
    expect(exitCode).toBe(1);
    expect(text).toMatch(/build\.lua:[23]: unexpected symbol near '#'/);
  });

  test("of a byte order mark is none", async () => {
    expect((await validate("\ufeffbk.export(bk.scratch())")).exitCode).toBe(0);
  });
});
