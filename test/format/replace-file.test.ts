import { expect, test } from "bun:test";
import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../../src/format/replace-file.ts";
import { inDirectory, writeFiles } from "../support/build.ts";
import { openSmallDisk } from "../support/small-disk.ts";

test("the new text has the mode of the old, links stay, and nothing else is left", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, { "d/a.lua": "old" });
    const path = join(directory, "d/a.lua");
    chmodSync(path, 0o2640);
    linkSync(path, join(directory, "kept"));
    symlinkSync("d/a.lua", join(directory, "link.lua"));
    replaceFile(join(directory, "link.lua"), "new");
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o7777]).toEqual(["new", 0o2640]);
    expect(readFileSync(join(directory, "kept"), "utf8")).toBe("old");
    expect(lstatSync(join(directory, "link.lua")).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(directory, "d"))).toEqual(["a.lua"]);
  }));

test("where nothing can be written, the error names the file", () => {
  expect(() => replaceFile("/proc/version", "new")).toThrow(/^cannot write "\/proc\/version": (?!E)/);
});

test.skipIf(process.getuid?.() !== 0)(
  "a disk that is read-only is told, and not what cannot be cleaned up there",
  () => {
    using disk = openSmallDisk(1);
    const path = join(disk.path, "a.lua");
    writeFiles(disk.path, { "a.lua": "old" });
    disk.makeReadOnly();
    expect(() => replaceFile(path, "new")).toThrow(`cannot write "${path}": the filesystem is read-only`);
  },
);
