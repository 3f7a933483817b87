import { expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { everyArgument, everyOption } from "../support/hostile.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";

setDefaultTimeout(120_000);

test.each([
  ["option", everyOption()],
  ["argument", everyArgument()],
])("no value of an %s is a bug", async (_, script) => {
  await inDirectory(async (directory) => {
    writeScript(directory, script);
    const { exitCode, stderr, bytes } = await runLuakit(["build", "--no-resolve", "--timeout=2m"], { cwd: directory });
    expect(stderr).not.toContain("luakit has a bug");
    expect(exitCode).toBe(0);
    expect(decodeOps(bytes).length).toBeGreaterThan(10);
  });
});
