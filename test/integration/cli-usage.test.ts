import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const good = "bk.export(bk.scratch())";

function run(args: readonly string[], script = good) {
  return inDirectory((directory) => {
    writeScript(directory, script, { "good.lua": good, "bad.lua": "\nerror('here')" });
    return runLuakit(args, { cwd: directory });
  });
}

const commands = ["build", "validate", "dag", "config", "outline", "targets", "version"];

describe("--help", () => {
  test.each(commands)("of %s is on stdout, with examples", async (command) => {
    for (const flag of ["--help", "-h"]) {
      const { exitCode, stdout, stderr } = await run([command, flag]);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`luakit ${command}`);
      expect(stdout).toMatch(/Examples:\n {2}# .+\n {2}luakit /);
    }
  });

  test.each([[["--help"]], [["-h"]], [["help"]], [[]]])("%j lists the commands", async (args) => {
    const { exitCode, stdout, stderr } = await run(args);
    for (const command of commands) expect(stdout + stderr).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(exitCode).toBe(args.length === 0 ? exitCode : 0);
  });

  test("version says which", async () => {
    const { exitCode, stdout } = await run(["version"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\d+\.\d+\.\d+/);
    expect((await run(["--version"])).stdout).toBe(stdout);
  });
});

describe("wrong usage exits with 2 and says what to type", () => {
  const cases: [string[], RegExp][] = [
    [["bulid"], /"bulid".*did you mean "build"/],
    [["build", "--taget=x"], /unknown flag "--taget" \(did you mean "--target"\?\)/],
    [["build", "-x"], /unknown flag "-x"/],
    [["build", "--target"], /--target needs a value/],
    [["build", "one.lua", "two.lua"], /two\.lua/],
    [["build", "--no-resolve=yes"], /--no-resolve takes no value/],
    [["build", "--timeout=soon"], /"soon" is not a duration/],
    [["build", "--timeout=0s"], /--timeout/],
    [["build", "--platform=linux/amd64/v2/x"], /--platform: .*linux\/amd64\/v2\/x/],
    [["build", "--build-arg", "=x"], /"=x" is not NAME=VALUE/],
    [["build", "--target=a", "--target=b"], /--target is given twice/],
    [["validate", "--format=jsno"], /"jsno" is not known \(did you mean "json"\?\)/],
    [["dag", "--format=nothing"], /"nothing"/],
  ];
  test.each(cases)("%j", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("flags", () => {
  test.each([
    [["build", "--target", "t"]],
    [["build", "--target=t"]],
    [["build", "--target=t", "build.lua"]],
    [["build", "build.lua", "--target", "t"]],
    [["build", "--target=t", "--", "build.lua"]],
  ])("take their values both ways: %j", async (args) => {
    const script = 'bk.target("t", {}, function() print("chosen") return bk.scratch() end) bk.target("u", {}, error)';
    expect(await run(args, script)).toMatchObject({ exitCode: 0, stderr: "chosen\n" });
  });

  test("--timeout is how long a script may take", async () => {
    const { exitCode, stderr, milliseconds } = await run(["build", "--timeout=300ms"], "while true do end");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the script ran for more than 0.3 s");
    expect(milliseconds).toBeLessThan(2500);
  });
});

describe("luakit validate", () => {
  test("a good script", async () => {
    expect(await run(["validate"])).toMatchObject({ exitCode: 0, stdout: "✓ build.lua\n", stderr: "" });
  });

  test("several scripts, of which one is bad", async () => {
    const { exitCode, stdout } = await run(["validate", "good.lua", "bad.lua", "none.lua"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✓ good.lua\n");
    expect(stdout).toContain("✗ bad.lua\nbad.lua:2: here\n");
    expect(stdout).toContain('✗ none.lua\nerror: there is no script "none.lua"\n');
  });

  test("--format json", async () => {
    const { exitCode, stdout } = await run(["validate", "--format", "json", "good.lua", "bad.lua"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      scripts: [
        { script: "good.lua", valid: true, errors: [], warnings: [] },
        {
          script: "bad.lua",
          valid: false,
          errors: [{ code: "script.runtime", file: "bad.lua", line: 2, message: "here" }],
        },
      ],
    });
  });

  test("every target of a script", async () => {
    const script =
      'bk.target("a", {default = true}, function() return bk.scratch() end)\nbk.target("b", {}, function() error("b") end)';
    const { exitCode, stdout } = await run(["validate"], script);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("build.lua:2: b\n");
  });

  test("warnings do not make it fail", async () => {
    const { exitCode, stdout } = await run(["validate"], `bk.warn("careful")\n${good}`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("warning: build.lua:1: ");
    expect(stdout).toContain("careful");
  });
});
