import { type FailingCase, type FileCase, testFailures, testFiles } from "../support/file-cases.ts";
import { testbed } from "../support/testbed.ts";

const old = Date.parse("2001-02-03T04:05:06Z") / 1000;
const app = "1000:1000";

testFiles("copy without options", [
  {
    title: "keeps mode, owner, time and symlinks, and puts a directory's contents into the destination",
    lua: 's = s:copy(src, "/dir", "@/out")',
    expect: {
      out: { type: "directory", mode: "0755", owner: "0:0" },
      "out/a.txt": { mode: "0640", owner: "7:8", mtime: old, text: "a" },
      "out/b.md": { mode: "0644", owner: "0:0", mtime: old },
      "out/link": { type: "symlink", target: "a.txt" },
      "out/sub": { mode: "0700", owner: "0:0" },
      "out/sub/c.txt": { mode: "0755", text: "c" },
    },
  },
  {
    title: "makes the directories above the destination",
    lua: 's = s:copy(src, "/tool", "@/x/y/tool")',
    expect: { x: { mode: "0755", owner: "0:0" }, "x/y": { mode: "0755" }, "x/y/tool": { text: "tool" } },
  },
  {
    title: "a slash at the end means a directory",
    lua: 's = s:copy(src, "/tool", "@/x/")',
    expect: { x: { type: "directory" }, "x/tool": { text: "tool" } },
  },
  {
    title: "an existing directory takes the file in",
    lua: 's = s:mkdir("@/x"):copy(src, "/tool", "@/x")',
    expect: { x: { type: "directory" }, "x/tool": { type: "file" } },
  },
  {
    title: "a list of sources",
    lua: 's = s:copy(src, {"/tool", "/dir/b.md", "/dir/sub/*.txt"}, "@/x/")',
    expect: { x: {}, "x/tool": { text: "tool" }, "x/b.md": { text: "b" }, "x/c.txt": { text: "c" } },
  },
  {
    title: "paths are relative to the root of the source without a working directory",
    lua: 's = s:copy(src, "dir/a.txt", "@/a")',
    expect: { a: { text: "a" } },
  },
  {
    title: "a later copy overwrites a file",
    lua: 's = s:copy(src, "/tool", "@/f"):copy(src, "/dir/a.txt", "@/f")',
    expect: { f: { text: "a", mode: "0640" } },
  },
  {
    title: "from a state of its own",
    lua: 's = s:mkfile("@/f", "f"); s = s:copy(s, "@/f", "@/g")',
    expect: { f: { text: "f" }, g: { text: "f" } },
  },
]);

testFiles("copy mode", [
  {
    title: "octal text, for files and directories",
    lua: 's = s:copy(src, "/dir", "@/out", {mode = "0711", include = {"sub"}})',
    expect: { out: { mode: "0711" }, "out/sub": { mode: "0711" }, "out/sub/c.txt": { mode: "0711" } },
  },
  {
    title: "octal without the leading zero",
    lua: 's = s:copy(src, "/tool", "@/t", {mode = "755"})',
    expect: { t: { mode: "0755" } },
  },
  { title: "special bits", lua: 's = s:copy(src, "/tool", "@/t", {mode = "4755"})', expect: { t: { mode: "4755" } } },
  { title: "no bits at all", lua: 's = s:copy(src, "/tool", "@/t", {mode = "0000"})', expect: { t: { mode: "0000" } } },
  {
    title: "a number that Lua computed",
    lua: 's = s:copy(src, "/tool", "@/t", {mode = 0x1a4})',
    expect: { t: { mode: "0644" } },
  },
  {
    title: "u+x adds to what is there",
    lua: 's = s:copy(src, "/tool", "@/t", {mode = "u+x"})',
    expect: { t: { mode: "0700" } },
  },
  {
    title: "go-w,u+x",
    lua: 's = s:copy(src, "/dir/a.txt", "@/t", {mode = "g-r,u+x"})',
    expect: { t: { mode: "0700" } },
  },
  {
    title: "a=rX leaves directories searchable",
    lua: 's = s:copy(src, "/dir", "@/out", {mode = "a=rX", exclude = {"link", "b.md"}})',
    expect: {
      out: {},
      "out/a.txt": { mode: "0444" },
      "out/sub": { mode: "0555" },
      "out/sub/c.txt": { mode: "0555" },
    },
  },
]);

const owners: [string, string][] = [
  ['"app"', app],
  ['"app:app"', app],
  ['"1000:1000"', app],
  ['"12:34"', "12:34"],
  ['"12"', "12:12"],
  ["12", "12:12"],
  ['"app:34"', "1000:34"],
  ['"12:app"', "12:1000"],
  ['{user = "app"}', app],
  ['{user = "app", group = "root"}', "1000:0"],
  ["{user = 12, group = 34}", "12:34"],
  ['{user = 12, group = "app"}', "12:1000"],
  ['{user = "app", group = 34}', "1000:34"],
];

testFiles(
  "copy owner",
  owners.map(([owner, expected]) => ({
    title: owner,
    lua: `s = s:copy(src, "/dir", "@/x/y", {owner = ${owner}})`,
    expect: {
      x: { owner: expected },
      "x/y": { owner: expected },
      "x/y/a.txt": { owner: expected, mode: "0640" },
      "x/y/b.md": { owner: expected },
      "x/y/link": { owner: expected },
      "x/y/sub": { owner: expected },
      "x/y/sub/c.txt": { owner: expected },
    },
  })),
);

const wildcards: FileCase[] = [
  {
    title: "a pattern is one by default",
    lua: 's = s:copy(src, "/wild/*.txt", "@/")',
    expect: { "*.txt": { text: "star" }, "x.txt": { text: "x" } },
  },
  {
    title: "allow_wildcard = false takes the name as it is",
    lua: 's = s:copy(src, "/wild/*.txt", "@/", {allow_wildcard = false})',
    expect: { "*.txt": { text: "star" } },
  },
  {
    title: "? and [] are patterns too",
    lua: 's = s:copy(src, {"/dir/?.md", "/dir/[a-c].txt"}, "@/")',
    expect: { "a.txt": {}, "b.md": {} },
  },
  {
    title: "allow_empty_wildcard lets a pattern match nothing",
    lua: 's = s:copy(src, "/dir/*.none", "@/", {allow_empty_wildcard = true})',
    expect: {},
  },
];

testFiles("copy wildcards", wildcards);

testFiles("copy links, contents and patterns", [
  {
    title: "follow_symlink copies what the link points at",
    lua: 's = s:copy(src, "/dir/link", "@/link", {follow_symlink = true})',
    expect: { link: { type: "file", text: "a" } },
  },
  {
    title: "without follow_symlink the link itself",
    lua: 's = s:copy(src, "/dir/link", "@/link")',
    expect: { link: { type: "symlink", target: "a.txt" } },
  },
  {
    title: "contents_only = false copies the directory itself",
    lua: 's = s:copy(src, "/dir", "@/", {contents_only = false, include = {"sub"}})',
    expect: { dir: { mode: "0750", owner: "7:8" }, "dir/sub": { mode: "0700" }, "dir/sub/c.txt": {} },
  },
  {
    title: "contents_only = true copies what is in it",
    lua: 's = s:copy(src, "/dir/sub", "@/", {contents_only = true})',
    expect: { "c.txt": {} },
  },
  {
    title: "include keeps everything else out",
    lua: 's = s:copy(src, "/dir", "@/out", {include = {"*.md", "sub/*.txt"}})',
    expect: { out: {}, "out/b.md": {}, "out/sub": {}, "out/sub/c.txt": {} },
  },
  {
    title: "exclude leaves out what matches",
    lua: 's = s:copy(src, "/dir", "@/out", {exclude = {"**/*.txt", "link"}})',
    expect: { out: {}, "out/b.md": {}, "out/sub": {} },
  },
  {
    title: "include and exclude with an exception",
    lua: 's = s:copy(src, "/dir", "@/out", {include = {"*"}, exclude = {"*.*", "!b.md", "sub"}})',
    expect: { out: {}, "out/b.md": {}, "out/link": {} },
  },
  {
    title: "required_paths that are there, with and without patterns",
    lua: `s = s:copy(src, "/dir", "@/out", {required_paths = {"a.txt", "/dir/sub/c.txt"}, include = {"a.txt", "sub"}})
      s = s:copy(src, "/dir/sub", "@/all", {required_paths = {"c.txt"}})
      s = s:copy(src, "/dir/s*", "@/some", {required_paths = {"/dir/sub/c.txt"}})`,
    expect: {
      out: {},
      "out/a.txt": {},
      "out/sub": {},
      "out/sub/c.txt": {},
      all: {},
      "all/c.txt": {},
      some: {},
      "some/c.txt": {},
    },
  },
  {
    title: "created is the time of all that is copied",
    lua: 's = s:copy(src, "/dir", "@/out", {created = "2020-01-01T00:00:00Z", include = {"a.txt", "sub"}})',
    expect: {
      out: { mtime: 1577836800 },
      "out/a.txt": { mtime: 1577836800 },
      "out/sub": { mtime: 1577836800 },
      "out/sub/c.txt": { mtime: 1577836800 },
    },
  },
  {
    title: "created = 0 is 1970",
    lua: 's = s:copy(src, "/tool", "@/tool", {created = 0})',
    expect: { tool: { mtime: 0 } },
  },
]);

const archive = `local archive = bk.http("${testbed().http.archive.url}") local name = "/archive.tar.gz"`;

testFiles(
  "copy unpack and always_replace",
  [
    {
      title: "unpack extracts an archive",
      lua: 's = s:copy(archive, name, "@/", {unpack = true})',
      expect: {
        archive: {},
        "archive/bin": {},
        "archive/bin/run.sh": { mode: "0755" },
        "archive/one.txt": { type: "file" },
      },
    },
    {
      title: "without it the archive is a file",
      lua: 's = s:copy(archive, name, "@/")',
      expect: { "archive.tar.gz": { type: "file" } },
    },
    {
      title: "always_replace puts a file where a directory was",
      lua: 's = s:mkdir("@/x"):mkfile("@/x/tool", ""):mkdir("@/y"):mkdir("@/y/tool"):copy(src, "/tool", "@/y/", {always_replace = true})',
      expect: { x: {}, "x/tool": {}, y: {}, "y/tool": { type: "file", text: "tool" } },
    },
    {
      title: "always_replace puts a directory where a file was",
      lua: 's = s:mkfile("@/sub", ""):copy(src, "/dir", "@/", {always_replace = true, include = {"sub"}})',
      expect: { sub: { type: "directory" }, "sub/c.txt": {} },
    },
  ],
  archive,
);

testFiles("copy below the working directory", [
  {
    title: "of with_dir",
    lua: 's = s:with_dir("@/w"):copy(src, "/tool", "t"):copy(src, "/tool", "./d/"):with_dir("/")',
    expect: { w: {}, "w/t": {}, "w/d": {}, "w/d/tool": {} },
  },
  {
    title: "of the base image's config",
    lua: 's = s:copy(configured:copy(src, "/tool", "here/"), "/work", "@/work")',
    expect: { work: {}, "work/from-base.txt": {}, "work/here": {}, "work/here/tool": {} },
  },
  {
    title: "with_dir relative to the base image's",
    lua: 's = s:copy(configured:with_dir("deep"):copy(src, "/tool", "."), "/work/deep", "@/deep")',
    expect: { deep: {}, "deep/tool": {} },
  },
  {
    title: "of the source's state",
    lua: 's = s:copy(src:with_dir("/dir"), "a.txt", "@/")',
    expect: { "a.txt": {} },
  },
]);

const failures: FailingCase[] = [
  {
    title: "a missing file",
    lua: 's = s:copy(src, "/missing", "/x")',
    error: /"\/missing".*not found|missing: no such file/,
  },
  { title: "anything from scratch", lua: 's = s\n  :copy(bk.scratch(), "/any", "/x")', line: 3, error: /any/ },
  {
    title: "a pattern that matches nothing",
    lua: 's = s:copy(src, "/dir/*.none", "/x/")',
    error: /not found|no such file/,
  },
  {
    title: "a literal name when wildcards are off",
    lua: 's = s:copy(src, "/dir/*.txt", "/x/", {allow_wildcard = false})',
    error: /not found|no such file/,
  },
  {
    title: "a destination whose directory is missing, with create_dest_path = false",
    lua: 's = s:copy(src, "/tool", "/no/such/place", {create_dest_path = false})',
    error: /no such file or directory/,
  },
  {
    title: "required_paths that are missing",
    lua: 's = s:copy(src, "/dir", "/x", {required_paths = {"a.txt", "gone.txt"}})',
    error: /"\/dir\/gone\.txt": not found/,
  },
  {
    title: "required_paths that a pattern leaves out",
    lua: 's = s:copy(src, "/dir", "/x", {required_paths = {"b.md"}, include = {"*.txt"}})',
    error: /"\/dir\/b\.md": not found/,
  },
  {
    title: "a file where a directory is, without always_replace",
    lua: 's = s:mkdir("/y"):mkdir("/y/tool"):copy(src, "/tool", "/y/")',
    error: /cannot copy|is a directory|file exists|cannot replace|not a directory/,
  },
];

testFailures("copy fails at its line", failures);
