import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { moduleFiles, openDirectoryModules } from "../../src/lua/directory-modules.ts";

let root = "";

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "modules-"));
  write("context/shared.lua", "context shared");
  write("context/both.lua", "context both");
  write("context/luakit_modules/vendored.lua", "context vendored");
  write("context/ci/both.lua", "script both");
  write("context/ci/lib/base.lua", "base");
  write("context/ci/pack/init.lua", "pack");
  write("context/ci/luakit_modules/dep/init.lua", "dep");
  write("context/ci/prelude.lua.txt", "no module");
  write("outside/secret.lua", "secret");
  symlinkSync(join(root, "outside/secret.lua"), join(root, "context/ci/leak.lua"));
  symlinkSync(join(root, "outside"), join(root, "context/ci/leakdir"));
  symlinkSync(join(root, "context/shared.lua"), join(root, "context/alias.lua"));
  symlinkSync("loop.lua", join(root, "context/loop.lua"));
  mkdirSync(join(root, "context/dir.lua"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function find(name: string) {
  const modules = openDirectoryModules({
    scriptDirectory: join(root, "context/ci"),
    contextDirectory: join(root, "context"),
    embedded: new Map([["prelude", "embedded prelude"]]),
  });
  const answer = modules.find(name);
  return "found" in answer ? { ...answer.found.file, path: answer.found.path } : answer.tried;
}

test("modules come from the script's directory, then the context, then luakit_modules, then the library", () => {
  expect(find("both")).toMatchObject({ name: "both.lua", data: "script both" });
  expect(find("shared")).toMatchObject({ name: "shared.lua", data: "context shared" });
  expect(find("dep")).toMatchObject({ name: "luakit_modules/dep/init.lua", data: "dep" });
  expect(find("vendored")).toMatchObject({ data: "context vendored" });
  expect(find("prelude")).toMatchObject({ name: "prelude.lua", data: "embedded prelude" });
});

test("dots and slashes separate, and a file may be named as it is", () => {
  for (const name of ["lib.base", "lib/base", "lib/base.lua", "./lib/base.lua", "./lib/base"]) {
    expect(find(name)).toMatchObject({ name: "lib/base.lua", data: "base" });
  }
  expect(find("pack")).toMatchObject({ name: "pack/init.lua", data: "pack" });
  expect(moduleFiles("a.b")).toEqual(["a/b.lua", "a/b/init.lua"]);
  expect(moduleFiles("a/b.c")).toEqual(["a/b/c.lua", "a/b/c/init.lua", "a/b.c.lua", "a/b.c/init.lua"]);
});

test("links that stay inside are followed, others are not", () => {
  expect(find("alias")).toMatchObject({ data: "context shared" });
  for (const name of ["leak", "leakdir.secret", "leakdir/secret", "loop"]) expect(find(name)).toBeArray();
  expect(find("leak")).toContain("leak.lua (a link to outside, which is not followed)");
});

test("names that lead out are refused", () => {
  for (const name of [
    "../outside/secret",
    "lib/../../x",
    "/etc/passwd",
    "",
    ".",
    "..",
    "a//b",
    "a\\b",
    "a\0b",
    "lib/",
  ]) {
    expect(() => find(name)).toThrow(`"${name}" is no module's name`);
  }
  for (const name of ["..secret", "a..b"]) expect(find(name)).toEqual(["the standard library: prelude"]);
});

test("a miss lists every place in order", () => {
  expect(find("lib.nope")).toEqual([
    "lib/nope.lua",
    "lib/nope/init.lua",
    "lib/nope.lua in the context",
    "lib/nope/init.lua in the context",
    "luakit_modules/lib/nope.lua",
    "luakit_modules/lib/nope/init.lua",
    "luakit_modules/lib/nope.lua in the context",
    "luakit_modules/lib/nope/init.lua in the context",
    "the standard library: prelude",
  ]);
  expect(find("dir")).toBeArray();
  expect(find("constructor")).toBeArray();
});
