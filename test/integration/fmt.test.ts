import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(60_000);

function inFiles<T>(
  files: Files,
  use: (run: (...args: string[]) => ReturnType<typeof runLuakit>, directory: string) => T,
) {
  return inDirectory(async (directory) => {
    writeFiles(directory, files);
    return use((...args) => runLuakit(["fmt", ...args], { cwd: directory }), directory);
  });
}

const messy = "#syntax=luakit\nlocal x   = 'one'\nbk.export( bk.scratch() )";
const neat = '#syntax=luakit\nlocal x = "one"\nbk.export(bk.scratch())\n';

describe.concurrent("luakit fmt", () => {
  test("the examples are formatted", async () => {
    const { exitCode, stdout, stderr } = await runLuakit(["fmt", "--check", "examples", "packaging"], { cwd: "." });
    expect([stdout, stderr, exitCode]).toEqual(["", "", 0]);
  });

  test("formats build.lua in place, keeps its mode, and leaves what is neat alone", () =>
    inFiles({ "build.lua": messy }, async (run, directory) => {
      const path = join(directory, "build.lua");
      chmodSync(path, 0o754);
      expect(await run()).toMatchObject({ exitCode: 0, stdout: "", stderr: "formatted build.lua\n" });
      expect(readFileSync(path, "utf8")).toBe(neat);
      const { mode, ino } = statSync(path);
      expect(mode & 0o777).toBe(0o754);
      expect(await run()).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
      expect(statSync(path).ino).toBe(ino);
      expect(readdirSync(directory)).toEqual(["build.lua"]);
    }));

  test("--check prints a diff that patch applies, and writes nothing", () =>
    inFiles({ "a.lua": messy, "b.lua": neat }, async (run, directory) => {
      const { exitCode, stdout, stderr } = await run("--check", "a.lua", "b.lua");
      expect([exitCode, stderr]).toEqual([1, "1 of 2 scripts would change: luakit fmt formats them\n"]);
      expect(readFileSync(join(directory, "a.lua"), "utf8")).toBe(messy);
      expect(stdout).toStartWith("--- a.lua\n+++ a.lua\n@@ -1,3 +1,3 @@\n #syntax=luakit\n-local x   = 'one'\n");
      const git = Bun.spawnSync(["git", "apply", "-p0"], { cwd: directory, stdin: Buffer.from(stdout) });
      expect([git.stderr.toString(), git.exitCode]).toEqual(["", 0]);
      expect(readFileSync(join(directory, "a.lua"), "utf8")).toBe(neat);
    }));

  test("a directory stands for its scripts; hidden ones, node_modules and links are left out", () =>
    inFiles(
      { "d/a.lua": messy, "d/e/b.lua": messy, "d/.h/c.lua": messy, "d/node_modules/d.lua": messy, "d/x.txt": messy },
      async (run, directory) => {
        symlinkSync("x.txt", join(directory, "d/link.lua"));
        const { exitCode, stderr } = await run("d");
        expect([exitCode, stderr]).toEqual([0, "formatted d/a.lua\nformatted d/e/b.lua\n"]);
        expect(readFileSync(join(directory, "d/x.txt"), "utf8")).toBe(messy);
      },
    ));

  test("a link that is named leads to the file, and stays a link", () =>
    inFiles({ "real/a.lua": messy }, async (run, directory) => {
      symlinkSync("real/a.lua", join(directory, "link.lua"));
      expect((await run("link.lua")).exitCode).toBe(0);
      expect(lstatSync(join(directory, "link.lua")).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(directory, "real/a.lua"), "utf8")).toBe(neat);
    }));

  test("a syntax error shows its line, leaves the file alone, and the others are formatted", () =>
    inFiles(
      { "bad.lua": "#!/bin/luakit\nlocal x = {\n  1,\n  2 3\n}\n", "good.lua": messy },
      async (run, directory) => {
        const { exitCode, stderr } = await run("bad.lua", "good.lua");
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(/^bad\.lua:4: unexpected token "3".*\n {2}2 \| local x = {\n/);
        expect(stderr).toMatch(/^> 4 \| {3}2 3$/m);
        expect(readFileSync(join(directory, "bad.lua"), "utf8")).toContain("2 3");
        expect(readFileSync(join(directory, "good.lua"), "utf8")).toBe(neat);
      },
    ));

  test("valid Lua that StyLua cannot lay out is told with its line and left alone; what it cannot read is laid out", () =>
    inFiles({ "bad.lua": "y=1\nx = ((2))\n", "good.lua": ";f(0xffffffffffffffff);;\n" }, async (run, directory) => {
      const { exitCode, stderr } = await run("bad.lua", "good.lua");
      expect(exitCode).toBe(1);
      expect(stderr).toStartWith("bad.lua:2: StyLua cannot lay out this statement\n");
      expect(stderr).toEndWith("leaves that out\nformatted good.lua\n");
      expect(readFileSync(join(directory, "bad.lua"), "utf8")).toBe("y=1\nx = ((2))\n");
      expect(readFileSync(join(directory, "good.lua"), "utf8")).toBe("f(0xffffffffffffffff)\n");
    }));

  test("--check passes after comments were moved more than once", () =>
    inFiles({ "a.lua": "local a = --[[1]] 1 --[[2]] + --[[3]] 2 -- four\n" }, async (run) => {
      expect(await run("a.lua")).toMatchObject({ exitCode: 0, stderr: "formatted a.lua\n" });
      expect(await run("--check", "a.lua")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    }));

  test("- is stdin and stdout, in the style of the file that it stands for", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, { "lib/stylua.toml": 'indent_type = "Spaces"\nindent_width = 3' });
      const stdin = "if a then b() end";
      const run = (...args: string[]) => runLuakit(["fmt", "-", ...args], { cwd: directory, stdin });
      expect((await run()).stdout).toBe("if a then\n  b()\nend\n");
      expect((await run("--stdin-filepath", "lib/x.lua")).stdout).toBe("if a then\n   b()\nend\n");
      expect((await run("--indent-type=Tabs")).stdout).toBe("if a then\n\tb()\nend\n");
      expect(await run("--check")).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("+  b()") });
    }));

  test("mistakes of the command line", () =>
    inFiles({ "build.lua": neat, "x/stylua.toml": "nothing = 1", "x/a.lua": neat }, async (run, directory) => {
      mkdirSync(join(directory, "empty"));
      expect(await run("nope.lua")).toMatchObject({ exitCode: 1, stderr: 'error: there is no script "nope.lua"\n' });
      expect(await run("--indent-width=x")).toMatchObject({ exitCode: 2 });
      expect(await run("x")).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('x/stylua.toml: unknown option "nothing"'),
      });
      expect(await run("-", "build.lua")).toMatchObject({ exitCode: 2 });
      expect(await run("empty")).toMatchObject({ exitCode: 0 });
    }));
});
