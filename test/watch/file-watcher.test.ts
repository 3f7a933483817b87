import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { markFile } from "../../src/watch/file-mark.ts";
import { FileWatcher } from "../../src/watch/file-watcher.ts";
import type { WatchScope } from "../../src/watch/scope.ts";
import { inDirectory } from "../support/build.ts";

setDefaultTimeout(30_000);

interface Watched {
  readonly directory: string;
  readonly watcher: FileWatcher;
  write(path: string, text?: string): void;
  /** Waits until a path has been told, and forgets all that were. */
  told(path: string): Promise<void>;
  /** What is told within a while. */
  rest(): Promise<readonly string[]>;
}

function watching(
  scope: (directory: string) => Partial<WatchScope>,
  use: (watched: Watched) => Promise<void>,
  { poll = false, before = (_: string) => {} } = {},
): Promise<void> {
  return inDirectory(async (outer) => {
    const directory = join(outer, "context");
    mkdirSync(directory);
    before(directory);
    let seen = new Set<string>();
    const watcher = new FileWatcher(
      { directories: [{ path: directory, exclude: [] }], files: [], outputs: [], ...scope(directory) },
      { changed: (path) => void seen.add(path), notice: () => {}, poll },
    );
    await watcher.open();
    try {
      await use({
        directory,
        watcher,
        write(path, text = "x") {
          mkdirSync(dirname(join(directory, path)), { recursive: true });
          writeFileSync(join(directory, path), text);
        },
        async told(path) {
          const deadline = performance.now() + 10_000;
          while (!seen.has(join(directory, path))) {
            if (performance.now() > deadline) throw new Error(`${path} was not told, but ${[...seen].join(", ")}`);
            await Bun.sleep(10);
          }
          await Bun.sleep(100);
          seen = new Set();
        },
        async rest() {
          await Bun.sleep(400);
          return [...seen].map((path) => path.slice(directory.length + 1)).sort();
        },
      });
    } finally {
      await watcher.close();
    }
  });
}

describe.concurrent("a change is told:", () => {
  test("files written, saved by renaming, removed and made again", () =>
    watching(
      () => ({}),
      async ({ directory, write, told }) => {
        write("a", "one more");
        await told("a");
        write(".a.new", "saved");
        renameSync(join(directory, ".a.new"), join(directory, "a"));
        await told("a");
        unlinkSync(join(directory, "a"));
        await told("a");
        write("a");
        await told("a");
      },
      { before: (directory) => writeFileSync(join(directory, "a"), "first") },
    ));

  test("directories made, filled at once, replaced and moved away", () =>
    watching(
      () => ({}),
      async ({ directory, write, told }) => {
        write("d/e/f/a");
        await told("d/e/f/a");
        write("d/e/f/a", "again");
        await told("d/e/f/a");
        write("other/f/a", "other");
        await told("other/f/a");
        renameSync(join(directory, "d/e"), join(directory, "gone"));
        renameSync(join(directory, "other"), join(directory, "d/e"));
        await told("d/e/f/a");
        write("d/e/f/a", "in the new one");
        await told("d/e/f/a");
      },
    ));

  test("the directory itself removed and made again", () =>
    watching(
      () => ({}),
      async ({ directory, write, told }) => {
        write("d/a");
        await told("d/a");
        rmSync(directory, { recursive: true });
        await told("d/a");
        write("d/a");
        await told("d/a");
        write("d/a", "later");
        await told("d/a");
      },
    ));

  test("links that lead elsewhere now", () =>
    watching(
      () => ({}),
      async ({ directory, told }) => {
        unlinkSync(join(directory, "link"));
        symlinkSync("there", join(directory, "link"));
        await told("link");
      },
      { before: (directory) => symlinkSync("here", join(directory, "link")) },
    ));

  test("of a directory that is a link, by what it leads to, and the link itself", () =>
    watching(
      (directory) => ({ directories: [{ path: join(directory, "link"), exclude: [] }] }),
      async ({ directory, watcher, write, told }) => {
        write("one/a", "changed");
        await told("one/a");
        mkdirSync(join(directory, "two"));
        unlinkSync(join(directory, "link"));
        symlinkSync("two", join(directory, "link"));
        await told("link");
        expect(watcher.isOutdatedBy(join(directory, "link"))).toBe(true);
      },
      {
        before(directory) {
          mkdirSync(join(directory, "one"));
          symlinkSync("one", join(directory, "link"));
        },
      },
    ));

  test("where the system tells nothing, by looking", () =>
    watching(
      () => ({}),
      async ({ write, told }) => {
        write("a", "longer than before");
        await told("a");
        write("d/b");
        await told("d/b");
      },
      { poll: true, before: (directory) => writeFileSync(join(directory, "a"), "first") },
    ));
});

describe.concurrent("files", () => {
  test("that are named count before they are there, and nothing beside them does", () =>
    watching(
      (directory) => ({ directories: [], files: [join(directory, "build.lua"), join(directory, "not/yet.lua")] }),
      async ({ write, told, rest, watcher }) => {
        write("beside.lua");
        expect(await rest()).toEqual([]);
        write("build.lua");
        await told("build.lua");
        write("not/yet.lua");
        await told("not/yet.lua");
        write("build.lua", "again");
        await told("build.lua");
        expect(watcher.count().files).toBe(2);
      },
    ));

  test("that are added later are compared with what was seen of them", () =>
    watching(
      () => ({ directories: [] }),
      async ({ directory, write, watcher, told, rest }) => {
        write("m.lua");
        const mark = markFile(join(directory, "m.lua"));
        write("m.lua", "changed before anybody watched");
        watcher.add(join(directory, "m.lua"), mark);
        await told("m.lua");
        watcher.add(join(directory, "same.lua"), "absent");
        await rest();
        expect(await rest()).toEqual([]);
        write("same.lua");
        await told("same.lua");
      },
    ));
});

describe.concurrent("nothing is told of", () => {
  test("what is ignored, what the build writes, git, and what editors keep for themselves", () =>
    watching(
      (directory) => ({
        directories: [{ path: directory, exclude: ["*.log", "node_modules", "build", "!build/keep"] }],
        outputs: [join(directory, "out")],
      }),
      async ({ write, rest, told }) => {
        for (const path of ["x.log", "node_modules/m/a.js", "build/b", "out/a", "out/d/b", ".git/index"]) write(path);
        for (const path of ["out.abcdefghijklmnopqrstuvwxy", "out.luakit-0123abcd"]) write(path);
        for (const path of [".a.swp", "a~", "4913", ".#a", "#a#", ".DS_Store"]) write(path);
        expect(await rest()).toEqual(["build"]);
        write("build/keep", "this counts");
        await told("build/keep");
        write("deep/x.log", "*.log is of the root only");
        await told("deep/x.log");
      },
    ));

  test("what is ignored in a directory that is a link, whose time changes with it", () =>
    watching(
      (directory) => ({ directories: [{ path: join(directory, "link"), exclude: ["*.log"] }] }),
      async ({ write, rest }) => {
        write("one/build.log");
        for (let count = 0; count < 5; count++) expect(await rest()).toEqual([]);
      },
      {
        before(directory) {
          mkdirSync(join(directory, "one"));
          symlinkSync("one", join(directory, "link"));
        },
      },
    ));

  test("files that count although patterns exclude them do", () =>
    watching(
      (directory) => ({
        directories: [{ path: directory, exclude: ["*"] }],
        files: [join(directory, ".dockerignore"), join(directory, "ci/build.lua")],
      }),
      async ({ write, told, rest }) => {
        write("a");
        write("ci/a");
        expect(await rest()).toEqual([]);
        write(".dockerignore");
        await told(".dockerignore");
        write("ci/build.lua");
        await told("ci/build.lua");
      },
    ));
});
