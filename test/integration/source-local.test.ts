import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, buildFails, buildTree, type Files, inDirectory, unique } from "../support/build.ts";

setDefaultTimeout(60_000);

const large = new Uint8Array(3_000_000).map((_, index) => index % 251);
const files: Files = {
  "README.md": "read me\n",
  "src/main.go": "package main\n",
  "src/main_test.go": "package main\n",
  "src/deep/data.txt": "data\n",
  "large.bin": large,
  "real/target.txt": "target\n",
  "real/other.txt": "other\n",
  link: { link: "real/target.txt" },
};
const exported = (name: string, options = "") => `bk.export(bk.local_("${name}", {${options}}))`;

/** Builds a local source of these files. The daemon has never seen its name, so that everything is transferred. */
const buildFiles = (options: string, given: Files = files) => {
  const name = `files-${unique()}`;
  return build(exported(name, options), { locals: { [name]: given } });
};

/** How many bytes of local files the progress says were transferred. */
function transferred(stderr: string): number {
  const sizes = [...stderr.matchAll(/transferring \S+: ([\d.]+)([kM]?B)/g)];
  return Math.max(...sizes.map(([, size, unit]) => Number(size) * ({ kB: 1e3, MB: 1e6 }[unit ?? ""] ?? 1)));
}

describe.concurrent("bk.local_", () => {
  test("is the directory", async () => {
    const { tree, stderr } = await buildFiles("");
    expect(tree.paths).toEqual([
      "README.md",
      "large.bin",
      "link",
      "real",
      "real/other.txt",
      "real/target.txt",
      "src",
      "src/deep",
      "src/deep/data.txt",
      "src/main.go",
      "src/main_test.go",
    ]);
    expect(tree.entry("link")).toMatchObject({ type: "symlink", target: "real/target.txt" });
    expect(transferred(stderr)).toBeGreaterThanOrEqual(large.length);
  });

  test("that the client does not give fails the build", async () => {
    expect(await buildFails(exported("missing"))).toContain("missing");
  });

  test("include keeps other files out of the transfer", async () => {
    const { tree, stderr } = await buildFiles('include = {"src/*.go", "README.md"}');
    expect(tree.paths).toEqual(["README.md", "src", "src/main.go", "src/main_test.go"]);
    expect(transferred(stderr)).toBeLessThan(10_000);
  });

  test("exclude keeps files out of the transfer", async () => {
    const { tree, stderr } = await buildFiles('exclude = {"*.bin", "**/*_test.go", "real", "link"}');
    expect(tree.paths).toEqual(["README.md", "src", "src/deep", "src/deep/data.txt", "src/main.go"]);
    expect(transferred(stderr)).toBeLessThan(10_000);
  });

  test("exclude takes exceptions", async () => {
    const { tree } = await buildFiles('exclude = {"*", "!src/deep"}');
    expect(tree.paths).toEqual(["src", "src/deep", "src/deep/data.txt"]);
  });

  test("include and exclude together", async () => {
    const { tree } = await buildFiles('include = {"src"}, exclude = {"src/deep"}');
    expect(tree.paths).toEqual(["src", "src/main.go", "src/main_test.go"]);
  });

  test("follow_paths transfers what symlinks name, and no more", async () => {
    const { tree, stderr } = await buildFiles('follow_paths = {"link"}');
    expect(tree.paths).toEqual(["link", "real", "real/target.txt"]);
    expect(transferred(stderr)).toBeLessThan(10_000);
  });

  test("metadata_only transfers names, sizes and modes in one file, and no contents", async () => {
    const { tree, stderr } = await buildFiles("metadata_only = true");
    expect(tree.paths).toEqual([".fsutil-metadata"]);
    expect(tree.text(".fsutil-metadata")).toContain("src/deep/data.txt");
    expect(transferred(stderr)).toBeLessThan(10_000);
  });

  test("metadata_only with a list transfers these with their contents", async () => {
    const { tree, stderr } = await buildFiles('metadata_only = {"README.md"}');
    expect(tree.paths).toEqual([".fsutil-metadata", "README.md"]);
    expect(tree.text("README.md")).toBe("read me\n");
    expect(transferred(stderr)).toBeLessThan(10_000);
  });
});

describe.concurrent("bk.local_ a second time", () => {
  /** Builds a directory twice; in between, its file changes but neither its size nor its time. */
  const buildChanged = (options: string) =>
    inDirectory(async (directory) => {
      const name = `files-${unique()}`;
      const build = async (contents: string) => {
        writeFileSync(join(directory, "file.txt"), contents);
        utimesSync(join(directory, "file.txt"), 1_700_000_000, 1_700_000_000);
        return (await buildTree(exported(name, options), { locals: { [name]: directory } })).text("file.txt");
      };
      return [await build("first"), await build("other")];
    });

  test("differ = none transfers what metadata alone does not tell", async () => {
    expect(await buildChanged('differ = "none"')).toEqual(["first", "other"]);
  });

  test.each(["", 'differ = "metadata"'])("otherwise size and time decide: {%s}", async (options) => {
    expect(await buildChanged(options)).toEqual(["first", "first"]);
  });

  test("the same shared_key_hint transfers nothing again, another one does", async () => {
    const [name, hint] = [`files-${unique()}`, unique()];
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "large.bin"), large);
      const transfer = async (key: string, include: string) => {
        const script = exported(name, `shared_key_hint = "${key}", include = {"large.bin", "${include}"}`);
        return transferred((await build(script, { locals: { [name]: directory } })).stderr);
      };
      expect(await transfer(hint, "a")).toBeGreaterThanOrEqual(large.length);
      expect(await transfer(hint, "b")).toBeLessThan(10_000);
      expect(await transfer(`${hint}-other`, "c")).toBeGreaterThanOrEqual(large.length);
    });
  });
});

describe.concurrent("the ignore file", () => {
  // Beside the script for buildctl, which does not say where the context is; in the context itself for luakit.
  const ignore = { ".dockerignore": "# comment\n**/*.log\n.dockerignore\n" };
  const locals = { context: { "keep.txt": "", "drop.log": "", "dir/drop.log": "", ...ignore } };

  test("applies to bk.local_(context)", async () => {
    const tree = await buildTree(exported("context"), { locals, files: ignore });
    expect(tree.paths).toEqual(["dir", "keep.txt"]);
  });

  test("does not apply with ignore_file = false", async () => {
    const tree = await buildTree(exported("context", "ignore_file = false"), { locals, files: ignore });
    expect(tree.paths).toEqual([".dockerignore", "dir", "dir/drop.log", "drop.log", "keep.txt"]);
  });

  test("does not apply to other sources", async () => {
    const tree = await buildTree(exported("other"), { locals: { other: locals.context }, files: ignore });
    expect(tree.paths).toContain("drop.log");
  });

  test("beside the script is the script's own", async () => {
    const own = { "build.lua.dockerignore": "dir\n", ".dockerignore": "**/*.log\n" };
    const tree = await buildTree(exported("context"), { locals, files: own });
    expect(tree.paths).toEqual([".dockerignore", "drop.log", "keep.txt"]);
  });
});
