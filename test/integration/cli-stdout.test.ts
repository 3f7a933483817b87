import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit } from "../support/build.ts";
import { decodeDefinition } from "../support/definition.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const script = 'bk.export(bk.scratch():mkfile("/f", "f"), { cmd = { "run" } })\n';
const passes = 'test("a", function() expect(1):equals(1) end)\n';

function inProject<T>(use: (directory: string) => Promise<T>): Promise<T> {
  return inDirectory((directory) => {
    writeScript(directory, script, { Dockerfile: "FROM scratch\n", "a_test.lua": passes });
    return use(directory);
  });
}

describe("- is stdout", () => {
  test.each([
    [["build", "--no-resolve", "--image-config", "config.json"]],
    [["dag", "--format", "json"]],
    [["types"]],
    [["convert"]],
  ])("for luakit %j -o", (args) =>
    inProject(async (cwd) => {
      const plain = await runLuakit(args, { cwd });
      const dashed = await runLuakit([...args, "-o", "-"], { cwd });
      expect([dashed.exitCode, dashed.bytes.length > 0]).toEqual([0, true]);
      expect(dashed.bytes).toEqual(plain.bytes);
      expect(existsSync(join(cwd, "-"))).toBe(false);
    }),
  );

  test("for the image config of a Definition that goes to a file", () =>
    inProject(async (cwd) => {
      const { exitCode, stdout } = await runLuakit(["build", "-o", "b.pb", "--image-config", "-"], { cwd });
      expect([exitCode, JSON.parse(stdout).config.Cmd]).toEqual([0, ["run"]]);
      expect(decodeDefinition(readFileSync(join(cwd, "b.pb"))).def.length).toBe(2);
      expect(existsSync(join(cwd, "-"))).toBe(false);
    }));

  test("for the reports of tests, which are alone there", () =>
    inProject(async (cwd) => {
      const tap = await runLuakit(["test", "--format", "tap", "-o", "-"], { cwd });
      expect([tap.exitCode, tap.stdout.split("\n", 1)[0]]).toEqual([0, "TAP version 13"]);
      const junit = await runLuakit(["test", "--junit", "-"], { cwd });
      expect(junit.stdout).toStartWith("<?xml");
      expect(existsSync(join(cwd, "-"))).toBe(false);
      const both = await runLuakit(["test", "--format", "tap", "--junit", "-"], { cwd });
      expect([both.exitCode, both.stdout]).toEqual([2, ""]);
      expect(both.stderr).toContain("the report as tap and that of --junit cannot both go to stdout");
    }));
});

describe("what cannot be on stdout is refused:", () => {
  test.each([[[]], [["-o", "-"]]])("a Definition and its image config, with %j", (output) =>
    inProject(async (cwd) => {
      const { exitCode, bytes, stderr } = await runLuakit(["build", ...output, "--image-config", "-"], { cwd });
      expect([exitCode, bytes.length]).toEqual([2, 0]);
      expect(stderr).toBe(
        "error: the Definition and the image config cannot both go to stdout\n" +
          "hint: write one of them to a file: -o build.pb, or --image-config image.json\n",
      );
    }),
  );

  test("a Definition at a terminal", () =>
    inProject(async (cwd) => {
      const child = Bun.spawn(["script", "-qec", `${luakit} build -o -`, "/dev/null"], {
        cwd,
        env: { PATH: process.env.PATH ?? "", HOME: cwd, TERM: "xterm" },
        stdin: "ignore",
        stdout: "pipe",
      });
      const [text, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited]);
      expect([exitCode, text]).toEqual([2, expect.stringContaining("a Definition is binary and stdout is a terminal")]);
    }));

  test("a Definition that is written again and again", () =>
    inProject(async (cwd) => {
      const { exitCode, stderr } = await runLuakit(["build", "--watch", "-o", "-"], { cwd });
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--watch: a Definition goes to a file")]);
    }));
});
