import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Mistake, mistakes } from "../api/mistakes.ts";
import { inDirectory } from "../support/build.ts";
import { type LuakitResult, runLuakit, writeScript } from "../support/luakit.ts";

interface Reported {
  readonly build: LuakitResult;
  readonly validate: LuakitResult;
}

const atOnce = 4;
const reported: Reported[] = [];

beforeAll(async () => {
  await inDirectory(async (directory) => {
    const open = [...mistakes.entries()];
    const work = async () => {
      for (let next = open.shift(); next !== undefined; next = open.shift()) {
        const [index, { script }] = next;
        const cwd = join(directory, `${index}`);
        writeScript(cwd, script);
        const [build, validate] = [
          ["build", "--no-resolve"],
          ["validate", "--format", "json"],
        ];
        reported[index] = {
          build: await runLuakit(build ?? [], { cwd }),
          validate: await runLuakit(validate ?? [], { cwd }),
        };
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  });
}, 180_000);

/** What is wrong with the script as a whole is shown at its first line. */
function lineOf({ line = 1 }: Mistake): number {
  return line;
}

/** What `luakit build` prints before the excerpt. */
function headline(mistake: Mistake): string {
  return `build.lua:${lineOf(mistake)}: ${mistake.message}\n`;
}

describe.each(mistakes.map((mistake, index) => [mistake.name, mistake, index] as const))("%s", (_, mistake, index) => {
  test("luakit build", () => {
    const { build } = reported[index] ?? {};
    expect(build?.exitCode).toBe(1);
    expect(build?.bytes.length).toBe(0);
    expect(build?.stderr).toStartWith(headline(mistake));
    if (mistake.hint !== undefined) expect(build?.stderr).toContain(`\nhint: ${mistake.hint}\n`);
    const text = mistake.script.split("\n")[lineOf(mistake) - 1] ?? "";
    expect(build?.stderr).toContain(`\n${`> ${lineOf(mistake)} | ${text}`.trimEnd()}\n`);
    const [, above = "", before = "", mark = ""] = build?.stderr.match(/^(.*)\n( +\| *)(\^+)$/m) ?? [];
    expect(mark).not.toBe("");
    expect(above.slice(before.length, before.length + mark.length)).toMatch(/^\S(.*\S)?$/);
  });

  test("luakit validate --format json", () => {
    const { validate } = reported[index] ?? {};
    expect(validate?.exitCode).toBe(1);
    expect(validate?.stderr).toBe("");
    const { code, message, hint } = mistake;
    const [script] = JSON.parse(validate?.stdout ?? "").scripts;
    expect(script).toMatchObject({ script: "build.lua", valid: false });
    expect(script.errors).toHaveLength(1);
    expect(script.errors[0]).toMatchObject({ code, message });
    expect(script.errors[0].line).toBe(lineOf(mistake));
    if (hint !== undefined) expect(script.errors[0].hint).toBe(hint);
  });
});

test("there are more than forty", () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(45);
});
