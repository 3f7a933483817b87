import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../../src/diagnostic/luakit-error.ts";
import { isDirectory, isSymlink } from "../../../src/session/fsutil/file-mode.ts";
import { makeFilter } from "../../../src/session/fsutil/filter.ts";
import { openLibc } from "../../../src/session/fsutil/libc.ts";
import { LocalTree } from "../../../src/session/fsutil/local-tree.ts";
import type { Stat } from "../../../src/session/fsutil/stat.ts";
import { Walk } from "../../../src/session/fsutil/walk.ts";
import { decode, encode, makeTree } from "./tree.ts";

/** A line of the cases: a tree, which has entries, or a case with the name of its tree. */
interface Line {
  readonly name?: string;
  readonly tree: string;
  readonly entries?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly follow?: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly entries?: readonly string[];
  readonly error?: string;
}

// Other files than these two are for comparing what a generator of cases makes.
const folder = import.meta.dir;
const lines = await readLines<Line>(process.env.FSUTIL_CASES ?? `${folder}/cases.jsonl`);
const expected = await readLines<Outcome>(process.env.FSUTIL_EXPECTED ?? `${folder}/expected.jsonl`);
const cases = lines.filter(({ entries }) => entries === undefined);
const libc = await openLibc();
if (libc === undefined) throw new Error("these tests need Linux");
const place = mkdtempSync(join(tmpdir(), "luakit-fsutil-"));
for (const { tree, entries } of lines) if (entries !== undefined) makeTree(join(place, tree), entries, libc);
afterAll(() => {
  Bun.spawnSync(["chmod", "-R", "u+rwx", place]);
  rmSync(place, { recursive: true });
});

async function readLines<T>(path: string): Promise<T[]> {
  return parseLines(await Bun.file(path).text());
}

function parseLines<T>(text: string): T[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function walk({ tree: name, include, exclude, follow }: Line): Omit<Outcome, "name"> {
  const tree = new LocalTree(join(place, name), libc);
  const entries: string[] = [];
  try {
    const filter = makeFilter(tree, {
      include: include?.map(decode),
      exclude: exclude?.map(decode),
      followPaths: follow?.map(decode),
    });
    const walk = new Walk(tree, filter);
    for (let stat = walk.next(); stat !== undefined; stat = walk.next()) entries.push(describeEntry(stat));
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    return { error: error.message };
  } finally {
    tree.close();
  }
  return { entries };
}

function describeEntry({ path, mode, uid, gid, linkname }: Stat): string {
  let line = encode(path);
  let usual = 0o644;
  if (isDirectory(mode)) {
    line += "/";
    usual = 0o20000000755;
  } else if (isSymlink(mode)) {
    line += ` -> ${encode(linkname)}`;
    usual = 0o1000000777;
  } else if (linkname !== "") line += ` = ${encode(linkname)}`;
  if (mode !== usual) line += ` : ${mode.toString(8)}`;
  return uid === 0 && gid === 0 ? line : `${line} owner ${uid}:${gid}`;
}

describe("a walk has the entries that fsutil's has", () => {
  for (const [index, { name, error, entries = [] }] of expected.entries()) {
    test(name, () => {
      const line = cases[index];
      if (line?.name !== name) throw new Error(`case ${index} is ${line?.name}`);
      const outcome = walk(line);
      if (error === undefined) expect(outcome).toEqual({ entries });
      else expect(outcome.error).toMatch(/syntax error in pattern|illegal exclusion pattern/);
    });
  }
});

test.skipIf(Bun.which("go") === null && process.env.CI !== "true")(
  "expected.json is what fsutil says today",
  async () => {
    const printed = await Bun.$`sh ${folder}/generate.sh --print`.text();
    expect(parseLines<Outcome>(printed)).toEqual(expected);
  },
  300_000,
);
