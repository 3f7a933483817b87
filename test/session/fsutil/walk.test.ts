import { afterEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FilterRules, makeFilter } from "../../../src/session/fsutil/filter.ts";
import { LocalTree } from "../../../src/session/fsutil/local-tree.ts";
import { Walk } from "../../../src/session/fsutil/walk.ts";
import { asNobody } from "../../support/as-nobody.ts";

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) {
    Bun.spawnSync(["chmod", "-R", "u+rwx", place]);
    rmSync(place, { recursive: true, force: true });
  }
});

function makeDirectory(...files: string[]): string {
  const place = mkdtempSync(join(tmpdir(), "luakit-walk-"));
  places.push(place);
  for (const file of files) {
    mkdirSync(join(place, file, ".."), { recursive: true });
    writeFileSync(join(place, file), file);
  }
  return place;
}

/** The paths of a walk; `between` is called behind each with its path. */
function walk(path: string, rules: FilterRules = {}, between: (path: string) => void = () => {}): string[] {
  const tree = new LocalTree(path, undefined);
  const paths: string[] = [];
  const walking = new Walk(tree, makeFilter(tree, rules));
  for (let stat = walking.next(); stat !== undefined; stat = walking.next()) {
    paths.push(stat.path);
    between(stat.path);
  }
  tree.close();
  return paths;
}

describe("a walk", () => {
  test("goes through names in byte order, and into a directory before its next sibling", () => {
    const names = ["a/x", "a-b", "a.b", "a0", "ab", "Z", "é", "\uffee", "😀"];
    expect(walk(makeDirectory(...names)).map((path) => Buffer.from(path, "latin1").toString())).toEqual([
      "Z",
      "a",
      "a/x",
      "a-b",
      "a.b",
      "a0",
      "ab",
      "é",
      "\uffee",
      "😀",
    ]);
  });

  test("does not go into what a link leads to", () => {
    const place = makeDirectory("dir/file");
    symlinkSync("dir", join(place, "link"));
    symlinkSync(".", join(place, "dir/loop"));
    expect(walk(place)).toEqual(["dir", "dir/file", "dir/loop", "link"]);
  });

  test("leaves out what vanishes meanwhile, and goes on behind it", () => {
    const place = makeDirectory("a", "b/c", "d", "e/f", "g");
    const vanish = (path: string) => {
      if (path !== "a") return;
      for (const gone of ["b", "e"]) renameSync(join(place, gone), join(place, `../${gone}-${process.pid}`));
      unlinkSync(join(place, "d"));
    };
    expect(walk(place, {}, vanish)).toEqual(["a", "g"]);
    for (const gone of ["b", "e"]) rmSync(join(place, `../${gone}-${process.pid}`), { recursive: true });
  });

  test("leaves out the rest of a directory that becomes a link", () => {
    const place = makeDirectory("a", "b/c");
    const outside = makeDirectory("secret");
    const replace = (path: string) => {
      if (path !== "a") return;
      renameSync(join(place, "b"), join(outside, "b"));
      symlinkSync(outside, join(place, "b"));
    };
    expect(walk(place, {}, replace)).toEqual(["a", "b"]);
    expect(walk(place, { exclude: ["none"] })).toEqual(["a", "b"]);
  });

  test("gives a directory that is not kept right before the first kept entry below it", () => {
    const place = makeDirectory("a/b/c/keep.go", "a/b/other", "a/x", "d/e");
    expect(walk(place, { include: ["**/*.go"] })).toEqual(["a", "a/b", "a/b/c", "a/b/c/keep.go"]);
  });
});

describe("a directory that may not be read", () => {
  test("fails the walk", async () => {
    const place = makeDirectory("closed/file");
    Bun.spawnSync(["chmod", "0", join(place, "closed")]);
    await expect(asNobody([place], () => walk(place))).rejects.toThrow(
      `cannot read the directory ${place}/closed: permission denied`,
    );
  });

  test("does not when it is left out", async () => {
    const place = makeDirectory("closed/file", "open");
    Bun.spawnSync(["chmod", "0", join(place, "closed")]);
    await asNobody([place], () => {
      expect(walk(place, { exclude: ["closed"] })).toEqual(["open"]);
      expect(walk(place, { exclude: ["closed", "!**/x"] })).toEqual(["open"]);
      expect(walk(place, { include: ["*en"] })).toEqual(["open"]);
    });
  });
});
