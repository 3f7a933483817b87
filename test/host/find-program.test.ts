import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findProgram } from "../../src/host/find-program.ts";

test("a program is found on PATH, but not where PATH is relative", () => {
  const directory = mkdtempSync(join(tmpdir(), "luakit-test-"));
  try {
    const program = join(directory, "bin/luakit-program");
    mkdirSync(join(directory, "bin"));
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    const bin = join(directory, "bin");
    expect(findProgram("luakit-program", { PATH: `:.:${bin}` })).toBe(program);
    for (const PATH of [relative(process.cwd(), bin), `./${relative(process.cwd(), bin)}`, "", ".", ":", undefined]) {
      expect(findProgram("luakit-program", { PATH })).toBeUndefined();
    }
    expect(findProgram(`bin/luakit-program`, { PATH: directory })).toBeUndefined();
    expect(findProgram(program, { PATH: "" })).toBe(program);
    expect(findProgram("x".repeat(5000), { PATH: bin })).toBeUndefined();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
