import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseIgnorePatterns, readContextIgnorePatterns, readIgnorePatterns } from "../../src/script/ignore-file.ts";

test("reads patterns as Docker does", () => {
  const text =
    "\uFEFF# comment\n\n  node_modules/  \n/dist\n./a/../b\n!keep.txt\n! /deep/\n*.log\r\n # not a comment\n";
  expect(parseIgnorePatterns(text)).toEqual([
    "node_modules",
    "dist",
    "b",
    "!keep.txt",
    "!deep",
    "*.log",
    "# not a comment",
  ]);
});

test("the script's own ignore file goes before that of the context", () => {
  const folder = mkdtempSync(join(tmpdir(), "luakit-ignore-"));
  const options = { script: { name: "build.lua", directory: folder }, contextRoot: folder };
  expect(readIgnorePatterns(options)).toEqual([]);
  writeFileSync(join(folder, ".dockerignore"), "a\n");
  expect(readIgnorePatterns(options)).toEqual(["a"]);
  writeFileSync(join(folder, "build.lua.dockerignore"), "b\n");
  expect(readIgnorePatterns(options)).toEqual(["b"]);
});

test("an ignore file that leads out of its directory is refused, one that stays in it is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "luakit-ignore-"));
  mkdirSync(join(folder, "context"));
  writeFileSync(join(folder, "outside"), "outside\n");
  writeFileSync(join(folder, "context/inside"), "inside\n");
  symlinkSync("inside", join(folder, "context/.dockerignore"));
  expect(readContextIgnorePatterns(join(folder, "context"))).toEqual(["inside"]);
  unlinkSync(join(folder, "context/.dockerignore"));
  symlinkSync("../outside", join(folder, "context/.dockerignore"));
  expect(() => readContextIgnorePatterns(join(folder, "context"))).toThrow("a link to outside, which is not followed");
});

test("a malformed pattern is told with its line, and only where the file counts", () => {
  const folder = mkdtempSync(join(tmpdir(), "luakit-ignore-"));
  const options = { script: { name: "build.lua", directory: folder }, contextRoot: folder };
  writeFileSync(join(folder, ".dockerignore"), "# logs\n*.log\n\n/[a-\n");
  const rule = 'a "[" needs its "]", a "\\" and a "!" something behind them';
  const position = { file: ".dockerignore", line: 4, column: 1, endColumn: 5, source: "# logs\n*.log\n\n/[a-\n" };
  expect(() => readIgnorePatterns(options)).toThrow(
    expect.objectContaining({ code: "file.pattern", message: `"[a-" is a malformed pattern: ${rule}`, position }),
  );
  writeFileSync(join(folder, "build.lua.dockerignore"), "!\n");
  expect(() => readIgnorePatterns(options)).toThrow(
    expect.objectContaining({
      position: { file: "build.lua.dockerignore", line: 1, column: 1, endColumn: 2, source: "!\n" },
    }),
  );
  writeFileSync(join(folder, "build.lua.dockerignore"), "[a-b]\n");
  expect(readIgnorePatterns(options)).toEqual(["[a-b]"]);
});
