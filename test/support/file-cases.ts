import { describe, expect, test } from "bun:test";
import { buildFails, buildTree, unique } from "./build.ts";
import { unlessNewest } from "./role.ts";
import { testbed } from "./testbed.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** What is looked at of one entry; `text` is what a file says. */
export type ExpectedEntry = Partial<Omit<TreeEntry, "data" | "path">> & { readonly text?: string };

/** File operations of one behaviour, which all happen in one build. */
export interface FileCase {
  /** The behaviour, which is the test's name. */
  readonly title: string;
  /** Lua that changes the State `s`; `@` is the directory of this case, which is there already. */
  readonly lua: string;
  /** Everything that is then below `@`. */
  readonly expect: Readonly<Record<string, ExpectedEntry>>;
}

/** A script whose build must fail. */
export interface FailingCase {
  readonly title: string;
  /** Lua after the setup, which is one line: its own first line is line 2. Ends in a State `s`. */
  readonly lua: string;
  /** The line that the daemon's error points at. Default: 2. */
  readonly line?: number;
  readonly error: RegExp;
}

/** What cases find: `base` is a busybox image whose user `app` is 1000, `src` has files of several kinds. */
function setup(): string {
  return [
    `local base = bk.image("${testbed().images.busybox}")`,
    `local configured = bk.image("${testbed().images.configured}")`,
    'local old = "2001-02-03T04:05:06Z"',
    `local src = bk.scratch():mkfile("/unique", "${unique()}")`,
    ':mkdir("/dir", {mode = "0750", owner = "7:8"})',
    ':mkfile("/dir/a.txt", "a", {mode = "0640", owner = "7:8", created = old})',
    ':mkfile("/dir/b.md", "b", {created = old})',
    ':mkdir("/dir/sub", {mode = "0700"}):mkfile("/dir/sub/c.txt", "c", {mode = "0755"})',
    // Old daemons cannot make a link by a file operation.
    ':copy(base:run("ln -s a.txt /link"), "/link", "/dir/link")',
    ':mkfile("/tool", "tool", {mode = "0600", owner = "7:8"})',
    ':mkdir("/wild"):mkfile("/wild/*.txt", "star"):mkfile("/wild/x.txt", "x")',
  ].join(" ");
}

/**
 * Registers one test per case; all of them are one build. `more` is further Lua on the setup's line. On a daemon that
 * cannot do all of it, each case is a build of its own.
 */
export function testFiles(name: string, cases: readonly FileCase[], more = ""): void {
  describe.concurrent(name, () => {
    let whole: Promise<Tree | undefined> | undefined;
    for (const [index, { title, expect: expected }] of cases.entries()) {
      test(title, async () => {
        whole ??= buildCases([...cases.entries()], more).catch(unlessNewest);
        const tree = (await whole) ?? (await buildCases([[index, cases[index]]], more));
        expect(found(tree, `case-${index}/`, expected)).toEqual(expected);
      }, 120_000);
    }
  });
}

function buildCases(cases: readonly (readonly [index: number, FileCase | undefined])[], more: string): Promise<Tree> {
  const steps = cases.map(([index, of]) => `s = s:mkdir("/case-${index}")\n${place(of?.lua ?? "", index)}`);
  return buildTree([setup() + more, "local s = base", ...steps, "bk.export(s)"].join("\n"));
}

/** Registers one test per case: its build fails, and the daemon's error is at the script's line. */
export function testFailures(name: string, cases: readonly FailingCase[]): void {
  describe(name, () => {
    for (const { title, lua, line = 2, error } of cases) {
      test.concurrent(title, async () => {
        const stderr = await buildFails(`${setup()} local s = base\n${lua}\nbk.export(s)`);
        expect(stderr).toMatch(error);
        expect(stderr).toMatch(new RegExp(`^build\\.lua:${line}(:|$)`, "m"));
      }, 60_000);
    }
  });
}

function place(lua: string, index: number): string {
  return lua.replaceAll("@", `/case-${index}`);
}

/** What the tree has below a directory, with as much of each entry as is expected of it. */
function found(tree: Tree, prefix: string, expected: FileCase["expect"]): Record<string, ExpectedEntry> {
  const paths = tree.paths.filter((path) => path.startsWith(prefix));
  return Object.fromEntries(
    paths.map((path) => {
      const { data, ...entry } = tree.entry(path);
      const name = path.slice(prefix.length);
      const all = { ...entry, text: new TextDecoder().decode(data) };
      const asked = Object.keys(expected[name] ?? {});
      return [name, Object.fromEntries(Object.entries(all).filter(([key]) => asked.includes(key)))];
    }),
  );
}
