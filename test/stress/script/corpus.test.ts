import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "../../support/build.ts";
import { runLuakit, writeScript } from "../../support/luakit.ts";
import { unseemlyWord } from "./verdict.ts";

setDefaultTimeout(120_000);

const directory = join(import.meta.dir, "corpus");
/** What the machine may be late by when it has other work, in milliseconds. */
const slack = 5000;

/** Scripts that once did harm. The first line says in a pattern what their error is; an empty one is none. */
test.concurrent.each(readdirSync(directory))("%s does no harm any more", async (name) => {
  const script = readFileSync(join(directory, name), "utf8");
  const expected = new RegExp(script.slice(3, script.indexOf("\n")), "m");
  await inDirectory(async (cwd) => {
    writeScript(cwd, script);
    const args = ["build", "--no-resolve", "--timeout=1s", "-o", "build.pb"];
    const { exitCode, stderr, milliseconds, memory } = await runLuakit(args, { cwd });
    expect(stderr).toMatch(expected);
    expect(unseemlyWord(stderr)).toBeUndefined();
    expect([0, 1]).toContain(exitCode);
    expect(milliseconds).toBeLessThan(2000 + slack);
    expect(memory).toBeLessThan(762 << 20);
  });
});
