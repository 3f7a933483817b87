import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(60_000);

/** Runs a script in `project/`, with the context root in `context/` beside it. */
function run(script: string, files: Files = {}, prepare: (directory: string) => void = () => {}) {
  return inDirectory(async (directory) => {
    mkdirSync(join(directory, "context"));
    writeFiles(directory, { "project/build.lua": `${script}\nbk.export(bk.scratch())`, ...files });
    prepare(directory);
    return runLuakit(["validate", "--context=../context"], { cwd: join(directory, "project") });
  });
}

const prints = async (script: string, files: Files) =>
  (await run(script, files)).stderr + (await run(script, files)).stdout;
const module = (name: string) => `return {name = "${name}"}`;

describe("require finds", () => {
  const cases: [string, string, Files][] = [
    ["a file beside the script", "m", { "project/m.lua": module("it") }],
    ["init.lua of a directory", "m", { "project/m/init.lua": module("it") }],
    ["with dots", "a.b.c", { "project/a/b/c.lua": module("it") }],
    ["with slashes", "a/b/c", { "project/a/b/c.lua": module("it") }],
    ["init.lua below dots", "a.b", { "project/a/b/init.lua": module("it") }],
    ["in the context root", "m", { "context/m.lua": module("it") }],
    ["luakit_modules beside the script", "m", { "project/luakit_modules/m.lua": module("it") }],
    ["luakit_modules of the context root", "m", { "context/luakit_modules/m/init.lua": module("it") }],
    [
      "the script's directory before the context root",
      "m",
      { "project/m.lua": module("it"), "context/m.lua": module("other") },
    ],
    [
      "the context root before luakit_modules",
      "m",
      { "context/m.lua": module("it"), "project/luakit_modules/m.lua": module("other") },
    ],
    ["name.lua before name/init.lua", "m", { "project/m.lua": module("it"), "project/m/init.lua": module("other") }],
    ["a file of ours before the standard library", "prelude", { "project/prelude.lua": module("it") }],
  ];

  test.each(cases)("%s", async (_, name, files) => {
    expect(await prints(`print(require("${name}").name)`, files)).toStartWith("it\n");
  });

  test("the standard library", async () => {
    const { exitCode, stdout } = await run('assert(type(require("prelude").from_alpine) == "function")');
    expect([exitCode, stdout]).toEqual([0, "✓ build.lua\n"]);
  });

  test("modules of modules, from the same roots, each run once", async () => {
    const files = {
      "project/one.lua": 'print("one runs") return {two = require "lib.two"}',
      "project/lib/two.lua": 'print("two runs") return {three = require "three"}',
      "context/three.lua": "return {name = ...}",
    };
    const { stderr } = await run(
      'local one = require "one" require "lib/two" print(one.two.three.name, require "one" == one)',
      files,
    );
    expect(stderr).toBe("one runs\ntwo runs\nthree\ttrue\n");
  });

  test("modules that start with #", async () => {
    const { exitCode } = await run('assert(require("m") == 1)', { "project/m.lua": "#!/usr/bin/luakit\nreturn 1" });
    expect(exitCode).toBe(0);
  });
});

test("a miss lists every place in order", async () => {
  const { exitCode, stdout } = await run('\nrequire "lib.missing"');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('build.lua:2: require: module "lib.missing" was not found; looked at:\n');
  const places = stdout.split("looked at:\n")[1]?.match(/^ {2}[a-z].*$/gm) ?? [];
  expect(places).toEqual([
    "  lib/missing.lua",
    "  lib/missing/init.lua",
    "  lib/missing.lua in the context",
    "  lib/missing/init.lua in the context",
    "  luakit_modules/lib/missing.lua",
    "  luakit_modules/lib/missing/init.lua",
    "  luakit_modules/lib/missing.lua in the context",
    "  luakit_modules/lib/missing/init.lua in the context",
    "  the standard library: prelude",
  ]);
});

describe("require never leaves its roots", () => {
  const outside = { "outside/secret.lua": module("secret") };

  test.each([
    "../outside/secret",
    "..outside.secret",
    "a/../../outside/secret",
    "../project/../outside/secret",
    "/etc/passwd",
    "./../outside/secret",
  ])("by the name %s", async (name) => {
    const { exitCode, stdout, stderr } = await run(`require("${name}")`, { ...outside, "project/a/x.lua": "" });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/build\.lua:1: require: ("[^"]*" is no module's name|module "[^"]*" was not found)/);
    expect(stdout + stderr).not.toContain('secret"}');
  });

  test("by an absolute path", async () => {
    const absolute = await inDirectory(async (directory) => {
      writeFiles(directory, { "m.lua": module("secret"), "project/build.lua": `require("${directory}/m")` });
      return runLuakit(["validate"], { cwd: join(directory, "project") });
    });
    expect(absolute.exitCode).toBe(1);
  });

  test.each([
    ["a link to a file outside", "m.lua", "../outside/secret.lua", "m"],
    ["a link to a directory outside", "lib", "../outside", "lib.secret"],
    ["a link below luakit_modules", "luakit_modules", "../outside", "secret"],
  ])("through %s", async (_, link, target, name) => {
    const { exitCode, stdout } = await run(`require("${name}")`, outside, (directory) =>
      symlinkSync(target, join(directory, "project", link)),
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain("was not found; looked at:");
    expect(stdout).toContain("outside, which is not followed");
  });

  test("a link within a root is followed", async () => {
    const { stderr } = await run('print(require("m").name)', { "project/lib/real.lua": module("it") }, (directory) =>
      symlinkSync("lib/real.lua", join(directory, "project", "m.lua")),
    );
    expect(stderr).toBe("it\n");
  });
});

describe("errors in modules", () => {
  test("have the module's line and the lines that led there", async () => {
    const files = {
      "project/one.lua": "local two = require 'two'\n\nreturn two",
      "project/two.lua": "\n\nerror('here')",
    };
    const { exitCode, stdout } = await run("\nrequire 'one'", files);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("two.lua:3: here\n");
    expect(stdout).toContain("> 3 | error('here')\n");
    expect(stdout).toContain(
      "called from one.lua:1: local two = require 'two'\ncalled from build.lua:2: require 'one'\n",
    );
  });

  test("of syntax too", async () => {
    const { stdout } = await run("require 'one'", { "project/one.lua": "local x =\n" });
    expect(stdout).toMatch(/one\.lua:[12]: unexpected symbol near the end of the file/);
    expect(stdout).toContain("called from build.lua:1: require 'one'\n");
  });
});
