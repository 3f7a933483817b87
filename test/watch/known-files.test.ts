import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markFile } from "../../src/watch/file-mark.ts";
import { KnownFiles } from "../../src/watch/known-files.ts";
import { inDirectory } from "../support/build.ts";

setDefaultTimeout(30_000);

interface Looked {
  readonly known: KnownFiles;
  readonly lib: string;
  readonly file: string;
  /** What was missed, in the order in which it was. */
  readonly missed: readonly (readonly string[])[];
}

function looking(use: (looked: Looked) => Promise<void>): Promise<void> {
  return inDirectory(async (directory) => {
    const missed: (readonly string[])[] = [];
    const known = new KnownFiles((paths) => missed.push(paths));
    const lib = join(directory, "lib");
    const file = join(lib, "m.lua");
    mkdirSync(lib);
    writeFileSync(file, "one");
    try {
      await use({ known, lib, file, missed });
    } finally {
      known.stop();
    }
  });
}

/** More than two looks. */
const long = 1700;

describe.concurrent("a file that is known", () => {
  test("is missed once when it changes and nobody tells", () =>
    looking(async ({ known, lib, file, missed }) => {
      known.note(file);
      await Bun.sleep(long);
      expect(missed).toEqual([]);
      rmSync(lib, { recursive: true });
      mkdirSync(lib);
      writeFileSync(file, "two");
      await Bun.sleep(2 * long);
      expect(missed).toEqual([[file]]);
      rmSync(file);
      await Bun.sleep(long);
      expect(missed).toEqual([[file], [file]]);
    }));

  test("is not missed when somebody tells of it, or of a directory around it", () =>
    looking(async ({ known, lib, file, missed }) => {
      known.note(file);
      writeFileSync(file, "another");
      known.told(file);
      await Bun.sleep(long);
      rmSync(lib, { recursive: true });
      known.told(lib);
      await Bun.sleep(long);
      expect(missed).toEqual([]);
    }));

  test("is not missed when it is as it was read last", () =>
    looking(async ({ known, file, missed }) => {
      const before = markFile(file);
      expect(known.note(file, before)).toBe(true);
      writeFileSync(file, "another");
      expect(known.note(file, before)).toBe(false);
      await Bun.sleep(long);
      expect(missed).toEqual([]);
      expect(known.paths).toEqual([file]);
    }));
});
