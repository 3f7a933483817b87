import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit } from "../support/build.ts";
import { decodeDefinition } from "../support/definition.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const script = 'bk.export(bk.scratch():mkfile("/f", "f"))';

function inProject<T>(use: (directory: string) => Promise<T>, text = script): Promise<T> {
  return inDirectory((directory) => {
    writeScript(directory, text);
    return use(directory);
  });
}

/** Runs a shell command on a terminal of its own; gives what the terminal showed and the exit code. */
async function onTerminal(command: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn(["script", "-qec", command, "/dev/null"], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, TERM: "xterm", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { text: text.replaceAll("\r", ""), exitCode };
}

describe("luakit build writes the Definition", () => {
  test("to stdout and nothing else", () =>
    inProject(async (directory) => {
      const { exitCode, bytes, stderr } = await runLuakit(["build"], { cwd: directory });
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(decodeDefinition(bytes).def.length).toBe(2);
    }));

  test("what a script prints, logs and warns of goes to stderr", () =>
    inProject(async (directory) => {
      const { bytes, stderr } = await runLuakit(["build"], { cwd: directory });
      expect(decodeDefinition(bytes).def.length).toBe(2);
      expect(stderr).toContain("printed\t1\n");
      expect(stderr).toContain("logged");
      expect(stderr).toMatch(/warning: build\.lua:1: .*warned/);
    }, `print("printed", 1) bk.log("logged", {a = 1}) bk.warn("warned") ${script}`));

  test.each([["-o"], ["--output"]])("to the file of %s", (flag) =>
    inProject(async (directory) => {
      const { exitCode, bytes } = await runLuakit(["build", flag, "out.pb", "build.lua"], { cwd: directory });
      expect([exitCode, bytes.length]).toEqual([0, 0]);
      const stdout = (await runLuakit(["build"], { cwd: directory })).bytes;
      expect(new Uint8Array(readFileSync(join(directory, "out.pb")))).toEqual(stdout);
    }),
  );

  test("to no file that cannot be written", () =>
    inProject(async (directory) => {
      const { exitCode, stderr } = await runLuakit(["build", "-o", "no/out.pb"], { cwd: directory });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/cannot write ".*no\/out\.pb": its directory does not exist/);
    }));

  test("to a file even when it is more than a daemon takes, with a warning", () =>
    inProject(async (directory) => {
      const { exitCode, stderr } = await runLuakit(["build", "-o", "out.pb"], { cwd: directory });
      expect([exitCode, stderr.match(/^warning: .* a daemon takes no message above 16 MiB$/gm)?.length]).toEqual([
        0, 1,
      ]);
      expect(decodeDefinition(readFileSync(join(directory, "out.pb"))).def.length).toBe(4);
      const piped = await runLuakit(["build"], { cwd: directory });
      expect([piped.exitCode, piped.bytes.length]).toEqual([1, 0]);
    }, 'local data = ("x"):rep(1024):rep(6000) local s = bk.scratch() for i = 1, 3 do s = s:mkfile("/" .. i, data .. i) end bk.export(s)'));

  test("not to a terminal: it says what to do", () =>
    inProject(async (directory) => {
      const { text, exitCode } = await onTerminal(`${luakit} build build.lua`, directory);
      expect(exitCode).toBe(2);
      expect(text).toContain("a Definition is binary and stdout is a terminal");
      expect(text).toContain("luakit build build.lua | buildctl build --local context=.");
      expect(text).toContain("luakit build -o build.pb build.lua");
    }));

  test("on a terminal with -o it is written", () =>
    inProject(async (directory) => {
      const { text, exitCode } = await onTerminal(`${luakit} build -o out.pb`, directory);
      expect([text, exitCode]).toEqual(["", 0]);
      expect(existsSync(join(directory, "out.pb"))).toBe(true);
    }));

  test("to a reader that goes away", () =>
    inProject(async (directory) => {
      const child = Bun.spawn(["sh", "-c", `${luakit} build | head -c 1 | wc -c`], {
        cwd: directory,
        stderr: "pipe",
        stdout: "pipe",
      });
      expect((await new Response(child.stdout).text()).trim()).toBe("1");
      expect(await new Response(child.stderr).text()).toBe("");
    }, `bk.export(bk.scratch():mkfile("/f", ("x"):rep(5000000)))`));
});

describe("the script", () => {
  test("is build.lua here unless another is named, and may be anywhere", () =>
    inProject(async (directory) => {
      writeFileSync(join(directory, "other.lua"), 'print("other") bk.export(bk.scratch())');
      expect((await runLuakit(["build"], { cwd: directory })).stderr).toBe("");
      expect((await runLuakit(["build", "."], { cwd: directory })).exitCode).toBe(0);
      expect((await runLuakit(["build", "other.lua"], { cwd: directory })).stderr).toBe("other\n");
      expect((await runLuakit(["build", join(directory, "other.lua")], { cwd: "/" })).stderr).toBe("other\n");
    }));

  test("- is stdin, and errors call it that", () =>
    inProject(async (directory) => {
      const good = await runLuakit(["build", "-"], { cwd: directory, stdin: script });
      expect(good.bytes).toEqual((await runLuakit(["build", "-"], { cwd: directory, stdin: `${script}` })).bytes);
      expect(decodeDefinition(good.bytes).def.length).toBe(2);
      const bad = await runLuakit(["build", "-"], { cwd: directory, stdin: "\nerror('here')" });
      expect(bad.stderr).toContain("stdin:2: here");
    }));

  test.each([
    ["none.lua", 'there is no script "none.lua"'],
    ["empty", 'there is no script "empty/build.lua"'],
  ])("%s is an error", (name, message) =>
    inProject(async (directory) => {
      mkdirSync(join(directory, "empty"));
      const { exitCode, stderr } = await runLuakit(["build", name], { cwd: directory });
      expect([exitCode, stderr.split("\n")[0]]).toEqual([1, `error: ${message}`]);
    }),
  );

  test("that is not UTF-8 is an error", () =>
    inProject(async (directory) => {
      writeFileSync(join(directory, "latin.lua"), Buffer.from([0x2d, 0x2d, 0x20, 0xe4, 0x0a]));
      const { exitCode, stderr } = await runLuakit(["build", "latin.lua"], { cwd: directory });
      expect([exitCode, stderr]).toEqual([1, 'error: "latin.lua" is not UTF-8 text\n']);
    }));
});

describe("colours", () => {
  const failing = "local x = 1\nerror('here')";
  const introducer = "\u001b[";

  test("are for terminals", () =>
    inProject(async (directory) => {
      expect((await onTerminal(`${luakit} validate nothing.lua 2>&1; ${luakit} build -o x`, directory)).text).toContain(
        introducer,
      );
      expect((await runLuakit(["build"], { cwd: directory })).stderr).not.toContain(introducer);
    }, failing));

  test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("and not with %j", (env) =>
    inProject(async (directory) => {
      const { text } = await onTerminal(`${luakit} build -o x`, directory, env as Record<string, string>);
      expect(text).toContain("build.lua:2: here");
      expect(text).not.toContain(introducer);
    }, failing),
  );

  test("with an empty NO_COLOR", () =>
    inProject(async (directory) => {
      expect((await onTerminal(`${luakit} build -o x`, directory, { NO_COLOR: "" })).text).toContain(introducer);
    }, failing));
});

describe("errors", () => {
  test("show the place, the line, a mark and a hint, and no stack trace of luakit", () =>
    inProject(async (directory) => {
      const { exitCode, stderr } = await runLuakit(["build"], { cwd: directory });
      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        [
          'build.lua:3: state:run: unknown option "evn" (did you mean "env"?)',
          '  1 | local base = bk.image("alpine")',
          "  2 |",
          '> 3 | bk.export(base:run("x", {evn = {}}))',
          "    |                          ^^^",
          "",
        ].join("\n"),
      );
      const debug = await runLuakit(["build"], { cwd: directory, env: { LUAKIT_DEBUG: "1" } });
      expect(debug.stderr).toMatch(/\n\s+at /);
    }, 'local base = bk.image("alpine")\n\nbk.export(base:run("x", {evn = {}}))'));
});
