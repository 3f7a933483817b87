import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { inDirectory } from "./build.ts";
import { type LuakitResult, runLuakit, writeScript } from "./luakit.ts";

/** A script that would never end, or take all memory. */
export interface LimitCase {
  readonly title: string;
  readonly script: string;
  /** The one error that it ends in. Default: that of the time cap. */
  readonly error?: RegExp;
  /** Value of `--timeout`, in seconds. Default: 1. */
  readonly seconds?: number;
  /** Modules beside the script. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What the machine may be late by when it has other work. */
const slack = 1500;
const atOnce = 3;
const cap = 512 << 20;

/** What ends a script at a limit: exactly one such sentence is printed. */
const limits = /the script ran for more than|the script uses more than|stack overflow/g;

/** Registers one test per case: each ends in one error with exit code 1, within its caps. */
export function testLimits(name: string, cases: readonly LimitCase[]): void {
  describe(name, () => {
    const results: LuakitResult[] = [];
    beforeAll(() => runAll(cases, results), 300_000);
    for (const [index, { title, error, seconds = 1 }] of cases.entries()) {
      test(title, () => {
        const result = results[index];
        if (result === undefined) throw new Error("it did not run");
        expect(result.stderr).toMatch(error ?? `the script ran for more than ${seconds} s`);
        expect(result.stderr.match(limits)?.length ?? 0).toBeLessThanOrEqual(1);
        expect(result.stderr).not.toContain("luakit has a bug");
        expect(result.exitCode).toBe(1);
        expect(result.bytes.length).toBe(0);
        expect(result.milliseconds).toBeLessThan(seconds * 1000 + 1000 + slack);
        expect(result.memory).toBeLessThan(cap + (150 << 20));
      });
    }
  });
}

async function runAll(cases: readonly LimitCase[], results: LuakitResult[]): Promise<void> {
  await inDirectory(async (directory) => {
    const open = [...cases.entries()];
    const work = async () => {
      for (let next = open.shift(); next !== undefined; next = open.shift()) {
        const [index, { script, files = {}, seconds = 1 }] = next;
        const place = join(directory, `${index}`);
        writeScript(place, script, files);
        results[index] = await runLuakit(["build", "--no-resolve", `--timeout=${seconds}s`], { cwd: place });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  });
}
