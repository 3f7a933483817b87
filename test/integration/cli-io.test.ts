import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const script = 'bk.export(bk.scratch():mkfile("/f", "f"))\n';

/** Runs a line of shell with the executable as $L. */
async function shell(line: string, cwd: string) {
  const env = { PATH: process.env.PATH ?? "", HOME: join(cwd, "no-home"), L: luakit };
  const child = Bun.spawn(["sh", "-c", line], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
}

describe("a full disk", () => {
  test.each(["build --no-resolve", "dag", "config --no-resolve", "types", "help", "version", "fmt - < build.lua"])(
    "behind the stdout of luakit %s is told as one",
    (command) =>
      inDirectory(async (cwd) => {
        writeScript(cwd, script);
        const { exitCode, stderr } = await shell(`$L ${command} > /dev/full`, cwd);
        expect([exitCode, stderr]).toEqual([1, "error: cannot write stdout: no space left on the disk\n"]);
      }),
  );

  test("behind stderr changes no exit code", () =>
    inDirectory(async (cwd) => {
      writeScript(cwd, `print("a line") ${script}`);
      expect((await shell("$L build none.lua 2> /dev/full", cwd)).exitCode).toBe(1);
      expect((await shell("$L nothing > /dev/full 2>&1", cwd)).exitCode).toBe(2);
      expect((await shell("$L dag --format text 2> /dev/full", cwd)).stdout).toContain("mkfile");
      const { addr } = testbed();
      expect((await shell(`$L build --solve --addr ${addr} -o out 2> /dev/full`, cwd)).exitCode).toBe(0);
      expect(readFileSync(join(cwd, "out/f"), "utf8")).toBe("f");
    }));
});

test("stdin that is a directory is told as one", () =>
  inDirectory(async (cwd) => {
    for (const command of ["build -", "fmt -", "convert -", "solve"]) {
      const { exitCode, stderr } = await shell(`$L ${command} < /`, cwd);
      expect([exitCode, stderr]).toEqual([1, "error: cannot read stdin: it is a directory\n"]);
    }
  }));

describe.skipIf(process.getuid?.() !== 0)("a directory that may not be entered", () => {
  const nobody = { program: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", luakit] };

  test.each([
    [["test", "closed"], 'cannot read the directory "closed": permission denied'],
    [["test", "."], 'cannot read the directory "closed": permission denied'],
    [["test", "closed/deep"], 'cannot read "closed/deep": permission denied'],
    [["fmt", "closed"], /cannot read the directory ".*closed": permission denied/],
    [["fmt", "closed/deep"], 'cannot read "closed/deep": permission denied'],
    [["build", "closed/deep"], 'cannot read "closed/deep": permission denied'],
    [["init", "closed/deep"], /cannot write ".*closed\/deep": permission denied/],
  ])("is told as one: luakit %j", (args, text) =>
    inDirectory(async (cwd) => {
      chmodSync(cwd, 0o755);
      mkdirSync(join(cwd, "closed"), { mode: 0o700 });
      const { exitCode, stderr } = await runLuakit(args, { cwd, ...nobody });
      expect(stderr).toMatch(typeof text === "string" ? new RegExp(`^error: ${text}`) : text);
      expect([exitCode, stderr.includes("bug")]).toEqual([1, false]);
    }),
  );

  test("keeps a test file from being read, and says so", () =>
    inDirectory(async (cwd) => {
      chmodSync(cwd, 0o755);
      writeFileSync(join(cwd, "a_test.lua"), "", { mode: 0o600 });
      const { exitCode, stdout } = await runLuakit(["test"], { cwd, ...nobody });
      expect(exitCode).toBe(1);
      expect(stdout).toContain('cannot read "a_test.lua": permission denied');
    }));

  test("keeps snapshots from being written, and says so", () =>
    inDirectory(async (cwd) => {
      chmodSync(cwd, 0o755);
      writeFileSync(join(cwd, "build.lua"), script);
      writeFileSync(
        join(cwd, "a_test.lua"),
        'test("a", function() expect(test.script("build.lua")):matches_snapshot() end)\n',
      );
      const { exitCode, stdout } = await runLuakit(["test"], { cwd, ...nobody });
      expect(stdout).toMatch(/cannot write the snapshots .*a_test\.snap: permission denied/);
      expect(exitCode).toBe(1);
      chownSync(cwd, 65534, 65534);
      expect(await runLuakit(["test"], { cwd, ...nobody })).toMatchObject({ exitCode: 0 });
    }));
});

test("files that cannot be written are told with the reason", () =>
  inDirectory(async (cwd) => {
    writeScript(cwd, script, { Dockerfile: "FROM scratch\n" });
    for (const command of ["dag", "convert", "types", "build --no-resolve"]) {
      const { exitCode, stderr } = await shell(`$L ${command} -o build.lua/x`, cwd);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: cannot write ".*": [a-z ]+\n$/)]);
    }
  }));
