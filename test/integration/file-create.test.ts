import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildTree, emit, unique } from "../support/build.ts";
import { type FailingCase, testFailures, testFiles } from "../support/file-cases.ts";

setDefaultTimeout(60_000);

const app = "1000:1000";

testFiles("mkdir", [
  {
    title: "is 0755 and root's",
    lua: 's = s:mkdir("@/d")',
    expect: { d: { type: "directory", mode: "0755", owner: "0:0" } },
  },
  { title: "mode", lua: 's = s:mkdir("@/d", {mode = "0700"})', expect: { d: { mode: "0700" } } },
  {
    title: "make_parents, which get the same mode, owner and time",
    lua: 's = s:mkdir("@/a/b/c", {make_parents = true, mode = "0750", owner = "app", created = old})',
    expect: {
      a: { mode: "0750", owner: app },
      "a/b": { mode: "0750", owner: app },
      "a/b/c": { mode: "0750", owner: app, mtime: 981173106 },
    },
  },
  {
    title: "a directory that is there stays as it is",
    lua: 's = s:mkdir("@/d", {mode = "0711", owner = 5}):mkdir("@/d", {mode = "0700"})',
    expect: { d: { mode: "0711", owner: "5:5" } },
  },
  { title: "owner by name", lua: 's = s:mkdir("@/d", {owner = "app"})', expect: { d: { owner: app } } },
  {
    title: "a name that the image does not know is root to the daemon",
    lua: 's = s:mkdir("@/d", {owner = "nobody-here"})',
    expect: { d: { owner: "0:0" } },
  },
  { title: "owner by numbers", lua: 's = s:mkdir("@/d", {owner = "3:4"})', expect: { d: { owner: "3:4" } } },
  {
    title: "owner by a table",
    lua: 's = s:mkdir("@/d", {owner = {user = "app", group = 9}})',
    expect: { d: { owner: "1000:9" } },
  },
  {
    title: "created, as text and as seconds",
    lua: 's = s:mkdir("@/d", {created = old}):mkdir("@/e", {created = 86400})',
    expect: { d: { mtime: 981173106 }, e: { mtime: 86400 } },
  },
  {
    title: "is below the working directory",
    lua: 's = s:with_dir("@"):mkdir("d"):with_dir("d"):mkdir("../e"):with_dir("/")',
    expect: { d: {}, e: {} },
  },
]);

testFiles("mkfile", [
  {
    title: "is 0644 and root's",
    lua: 's = s:mkfile("@/f", "f")',
    expect: { f: { type: "file", mode: "0644", owner: "0:0", text: "f" } },
  },
  { title: "mode", lua: 's = s:mkfile("@/f", "x", {mode = "0751"})', expect: { f: { mode: "0751", text: "x" } } },
  { title: "mode 000", lua: 's = s:mkfile("@/f", "x", {mode = "000"})', expect: { f: { mode: "0000" } } },
  { title: "owner by name", lua: 's = s:mkfile("@/f", "", {owner = "app:root"})', expect: { f: { owner: "1000:0" } } },
  { title: "owner by number", lua: 's = s:mkfile("@/f", "", {owner = 42})', expect: { f: { owner: "42:42" } } },
  { title: "created", lua: 's = s:mkfile("@/f", "", {created = old})', expect: { f: { mtime: 981173106 } } },
  { title: "an empty file", lua: 's = s:mkfile("@/f", "")', expect: { f: { type: "file", text: "" } } },
  {
    title: "empties what was there",
    lua: 's = s:mkfile("@/f", "long contents"):mkfile("@/f", "short")',
    expect: { f: { text: "short" } },
  },
  {
    title: "unicode",
    lua: 's = s:mkfile("@/naïve 🎉", "žluťoučký 🎉\\0")',
    expect: { "naïve 🎉": { text: "žluťoučký 🎉\0" } },
  },
]);

test("without created the time is that of the step", async () => {
  const before = Math.floor(Date.now() / 1000);
  const tree = await buildTree(`
    bk.export(bk.scratch():mkdir("/${unique()}"):mkdir("/d"):mkfile("/f", ""):symlink("f", "/l"))`);
  // The archive rounds to the nearest second.
  const after = Math.ceil(Date.now() / 1000);
  for (const path of ["d", "f", "l"]) {
    expect(tree.entry(path).mtime).toBeGreaterThanOrEqual(before);
    expect(tree.entry(path).mtime).toBeLessThanOrEqual(after);
  }
});

describe("mkfile data", () => {
  test("is binary-safe", async () => {
    const tree = await buildTree(`
      local all = {}
      for byte = 0, 255 do all[#all + 1] = string.char(byte) end
      local data = table.concat(all)
      bk.export(bk.scratch():mkfile("/all", data):mkfile("/twice", data .. data):mkfile("/escaped", "\\xff\\0\\xfe\\r\\n"))`);
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(tree.entry("/all").data).toEqual(all);
    expect(tree.entry("/twice").data).toEqual(new Uint8Array([...all, ...all]));
    expect(tree.entry("/escaped").data).toEqual(new Uint8Array([255, 0, 254, 13, 10]));
  });

  test("of a few MiB arrives", async () => {
    const size = 3 << 20;
    const tree = await buildTree(
      `bk.export(bk.scratch():mkfile("/large", ("${unique()}"):rep(${size}):sub(1, ${size})))`,
    );
    expect(tree.entry("/large").data.length).toBe(size);
  });

  test.each([
    ["one file", 'bk.export(bk.scratch():mkfile("/large", ("x"):rep(17 << 20)))'],
    [
      "many files",
      'local s = bk.scratch() for i = 1, 18 do s = s:mkfile("/f" .. i, ("x"):rep(1 << 20)) end bk.export(s)',
    ],
  ])("beyond the daemon's 16 MiB is refused with advice: %s", async (_, script) => {
    const { exitCode, definition, stderr } = await emit(script);
    expect(exitCode).toBe(1);
    expect(definition.length).toBe(0);
    expect(stderr).toContain("16 MiB");
    expect(stderr).toStartWith("build.lua:1: ");
    expect(stderr).toMatch(/hint: .*local_/);
  });
});

testFiles("rm", [
  {
    title: "removes files, directories with all in them, and links but not what they point at",
    lua: 's = s:copy(src, "/dir", "@/"):rm("@/a.txt"):rm("@/sub"):copy(src, "/dir/b.md", "@/keep"):symlink("keep", "@/l"):rm("@/l")',
    expect: { "b.md": {}, link: {}, keep: {} },
  },
  { title: "allow_not_found", lua: 's = s:rm("@/missing", {allow_not_found = true})', expect: {} },
  {
    title: "allow_wildcard",
    lua: 's = s:copy(src, "/dir", "@/"):rm("@/*.txt", {allow_wildcard = true})',
    expect: { "b.md": {}, link: {}, sub: {}, "sub/c.txt": {} },
  },
  {
    title: "a pattern is a name without allow_wildcard",
    lua: 's = s:copy(src, "/wild", "@/"):rm("@/*.txt")',
    expect: { "x.txt": {} },
  },
  {
    title: "a list",
    lua: 's = s:copy(src, "/dir", "@/"):rm({"@/a.txt", "@/sub", "@/none"}, {allow_not_found = true})',
    expect: { "b.md": {}, link: {} },
  },
  {
    title: "is below the working directory",
    lua: 's = s:mkfile("@/x", ""):with_dir("@"):rm("x"):with_dir("/")',
    expect: {},
  },
]);

testFiles("symlink", [
  {
    title: "says its target as it is",
    lua: 's = s:symlink("../some//where/./x", "@/l"):symlink("/abs", "@/m")',
    expect: {
      l: { type: "symlink", target: "../some//where/./x", owner: "0:0" },
      m: { type: "symlink", target: "/abs" },
    },
  },
  { title: "owner", lua: 's = s:symlink("x", "@/l", {owner = "app"})', expect: { l: { owner: app } } },
  { title: "owner by numbers", lua: 's = s:symlink("x", "@/l", {owner = "5:6"})', expect: { l: { owner: "5:6" } } },
  { title: "created", lua: 's = s:symlink("x", "@/l", {created = old})', expect: { l: { mtime: 981173106 } } },
  {
    title: "is below the working directory",
    lua: 's = s:with_dir("@"):symlink("x", "l"):with_dir("/")',
    expect: { l: { target: "x" } },
  },
]);

const failures: FailingCase[] = [
  { title: "mkdir without its parents", lua: 's = s:mkdir("/no/such/dir")', error: /no such file or directory/ },
  {
    title: "mkfile without its directory",
    lua: '\ns = s:mkfile("/no/file", "")',
    line: 3,
    error: /no such file or directory/,
  },
  { title: "rm of what is missing", lua: 's = s:rm("/missing")', error: /no such file or directory/ },
  { title: "symlink where something is", lua: 's = s:symlink("x", "/bin")', error: /file exists/ },
];

testFailures("fails at its line", failures);
