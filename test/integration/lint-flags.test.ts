import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const warned = 'bk.export(bk.image("alpine"))\n';
const informed = 'version = "1"\nbk.export(bk.image("alpine:" .. version))\n';
const wrong = 'bk.export(bk.image("alpine:3.22"):run("wget https://me:s3cr3t-w0rd@example.com/"))\n';

function validate(script: string, ...flags: readonly string[]) {
  return inDirectory((cwd) => {
    writeFileSync(join(cwd, "build.lua"), script);
    return runLuakit(["validate", ...flags], { cwd });
  });
}

describe.concurrent("luakit validate", () => {
  test.each([
    [warned, [], 0],
    [warned, ["--strict"], 1],
    [warned, ["--fail-on=warning"], 1],
    [warned, ["--fail-on=info"], 1],
    [warned, ["--strict", "--ignore=unpinned-image"], 0],
    [warned, ["--strict", "--ignore", "sudo, unpinned-image"], 0],
    [warned, ["--strict", "--ignore=sudo"], 1],
    [informed, ["--strict"], 0],
    [informed, ["--fail-on=info"], 1],
    [informed, ["--fail-on=info", "--enable=unpinned-digest", "--ignore=implicit-global"], 1],
    [wrong, [], 1],
    [wrong, ["--ignore=hard-coded-secret"], 0],
  ] as const)("%j with %j ends with %d", async (script, flags, status) => {
    const { exitCode, stdout } = await validate(script, ...flags);
    expect(exitCode).toBe(status);
    expect(stdout).toContain(`${status === 0 ? "✓" : "✗"} build.lua\n`);
    expect(stdout).not.toContain("s3cr3t");
  });

  test("a rule that does not exist is wrong usage", async () => {
    const { exitCode, stderr } = await validate(warned, "--ignore=unpined-image");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--ignore: there is no rule "unpined-image" (did you mean "unpinned-image"?)');
    expect((await validate(warned, "--fail-on=bad")).exitCode).toBe(2);
  });

  test("--list-rules prints every rule, and runs nothing", async () => {
    const { exitCode, stdout } = await validate("error('no')", "--list-rules");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^RULE +SEVERITY +WHAT IT FINDS\n/);
    expect(stdout).toMatch(/^unpinned-image +warning +an image /m);
    expect(stdout).toMatch(/^unpinned-digest +off +an image /m);
  });

  test("--format github and sarif print nothing else", async () => {
    expect((await validate(warned, "--format=github")).stdout).toMatch(/^::warning file=build\.lua,line=1,.*\n$/);
    const { stdout } = await validate(warned, "--format=sarif", "--strict");
    expect(JSON.parse(stdout).runs[0].results).toMatchObject([{ ruleId: "unpinned-image", level: "warning" }]);
    expect((await validate(informed, "--ignore=implicit-global", "--format=github")).stdout).toBe("");
  });

  test("a build says nothing of rules", () =>
    inDirectory(async (cwd) => {
      writeFileSync(join(cwd, "build.lua"), wrong);
      const { stderr, exitCode } = await runLuakit(["build", "--no-resolve", "-o", "build.pb"], { cwd });
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    }));
});
