import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { systemPath } from "../../src/session/fsutil/byte-string.ts";
import { openLibc } from "../../src/session/fsutil/libc.ts";
import { listTree } from "../session/fsutil/listing.ts";
import { emit, inDirectory, unique } from "../support/build.ts";
import { startLuakit } from "../support/running.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { buildctlBuild, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const bed = testbed();
const daemons = [bed, bed.v012].filter((daemon) => daemon !== undefined);
const libc = await openLibc();
const whole = 'bk.export(bk.local_("context"))';

/** Everything that a directory can have. */
function makeEverything(root: string): void {
  for (const path of ["a/b/c", "empty", "sp ace/x", "new\nline", "é/ü", "😀", "\uffee", "a.b", "a-b"]) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "file"), path);
  }
  for (const name of [
    "sp ace.txt",
    "tab\there",
    "*",
    "?",
    "[x]",
    "\\",
    "'",
    '"',
    "%41",
    "-x",
    "$HOME",
    "a:b",
    "end ",
  ]) {
    writeFileSync(join(root, name), name);
  }
  writeFileSync(systemPath(`${root}/no\xffutf8`), "bytes");
  symlinkSync(systemPath("no\xffutf8"), systemPath(`${root}/link \xfe`));
  writeFileSync(join(root, "nothing"), "");
  writeFileSync(join(root, "large"), Buffer.alloc(5_000_001, "0123456789"));
  writeFileSync(join(root, "sparse"), "");
  truncateSync(join(root, "sparse"), 3_000_000);
  for (const [name, mode] of [
    ["suid", 0o4755],
    ["sgid", 0o2755],
    ["tool", 0o755],
    ["none", 0],
    ["all", 0o777],
  ] as const) {
    writeFileSync(join(root, name), name);
    chmodSync(join(root, name), mode);
  }
  chmodSync(join(root, "empty"), 0o1777);
  linkSync(join(root, "tool"), join(root, "a/first"));
  linkSync(join(root, "tool"), join(root, "zz"));
  symlinkSync("a/b", join(root, "relative"));
  symlinkSync("/etc/passwd", join(root, "absolute"));
  symlinkSync("../../../..", join(root, "a/out"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync("loop", join(root, "loop"));
  libc?.makeNode(join(root, "fifo"), 0o010640, 0, 0);
  libc?.makeNode(join(root, "socket"), 0o140755, 0, 0);
  libc?.makeNode(join(root, "null"), 0o020666, 1, 3);
  libc?.makeNode(join(root, "disk"), 0o060600, 7, 200);
  libc?.writeXattrs(join(root, "large"), [{ name: "user.luakit", value: new Uint8Array([1, 0, 2]) }]);
  utimesSync(join(root, "all"), 1, 1_234_567_890.123_456);
  utimesSync(join(root, "a/b"), 1, 1);
}

/** The same Definition, built by luakit and by buildctl into directories: what each of them has. */
async function buildBoth(directory: string, script: string, context: string, addr = bed.addr) {
  const { definition, stderr } = await emit(script);
  if (definition.length === 0) throw new Error(stderr);
  await solvedIn(directory, script, ["--local", `context=${context}`, "-o", "ours"], { addr });
  const options = { definition, locals: { context }, output: [`type=local,dest=${join(directory, "theirs")}`], addr };
  const { exitCode, stderr: theirs } = await buildctlBuild(options);
  if (exitCode !== 0) throw new Error(theirs);
  return { ours: listTree(join(directory, "ours")), theirs: listTree(join(directory, "theirs")) };
}

describe.concurrent("a directory", () => {
  for (const { addr, version } of daemons) {
    test(`with everything in it is what buildctl makes of it, on ${version}`, async () => {
      await inDirectory(async (directory) => {
        const context = join(directory, "context");
        mkdirSync(context);
        makeEverything(context);
        const { ours, theirs } = await buildBoth(directory, whole, context, addr);
        expect(ours).toEqual(theirs);
        expect(ours.length).toBeGreaterThan(50);
      });
    });
  }

  test.each([
    ['include = {"src"}'],
    ['include = {"**/*.go", "docs"}'],
    ['exclude = {"**/node_modules", "*.md", "!README.md"}'],
    ['include = {"src"}, exclude = {"src/lib", "!src/lib/keep.go"}'],
    ['follow_paths = {"current"}'],
    ['follow_paths = {"links/*"}, exclude = {"**/*.txt"}'],
    ['include = {"é"}, follow_paths = {"li nk+%41"}'],
  ])("has what the rules keep, as buildctl does: %s", async (rules) => {
    await inDirectory(async (directory) => {
      const context = join(directory, "context");
      const files = ["src/main.go", "src/lib/keep.go", "src/lib/drop.go", "docs/a.txt", "README.md", "OTHER.md"];
      files.push("node_modules/x/y.js", "web/node_modules/z.js", "é/ü", "rel-1/app.txt", "rel-1/app.bin", "+ %41/x");
      for (const path of files) {
        mkdirSync(join(context, path, ".."), { recursive: true });
        writeFileSync(join(context, path), path);
      }
      mkdirSync(join(context, "links"));
      symlinkSync("rel-1", join(context, "current"));
      symlinkSync("../current", join(context, "links/one"));
      symlinkSync("../docs/a.txt", join(context, "links/two"));
      symlinkSync("+ %41", join(context, "li nk+%41"));
      linkSync(join(context, "README.md"), join(context, "src/also.md"));
      const script = `bk.export(bk.local_("context", {${rules}, shared_key_hint = "${unique()}"}))`;
      const { ours, theirs } = await buildBoth(directory, script, context);
      expect(ours).toEqual(theirs);
      expect(ours.length).toBeGreaterThan(0);
    });
  });

  test("that is a file is a directory with that file", async () => {
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "one.txt"), "one");
      await solvedIn(directory, 'bk.export(bk.local_("one"))', ["--local", "one=one.txt", "-o", "out"]);
      expect(listTree(join(directory, "out"), { times: false })).toHaveLength(1);
      expect(readFileSync(join(directory, "out/one.txt"), "utf8")).toBe("one");
    });
  });

  test("is sent again where it has changed, in every way", async () => {
    await inDirectory(async (directory) => {
      const context = join(directory, "context");
      const script = `bk.export(bk.local_("context", {shared_key_hint = "${unique()}"}))`;
      const build = (out: string) => solvedIn(directory, script, ["-c", "context", "-o", out]);
      mkdirSync(join(context, "dir"), { recursive: true });
      for (const name of ["same", "content", "mode", "gone", "kind", "dir/x"]) writeFileSync(join(context, name), name);
      await build("first");
      writeFileSync(join(context, "content"), "another");
      chmodSync(join(context, "mode"), 0o755);
      await Bun.$`rm ${join(context, "gone")} ${join(context, "kind")}`;
      mkdirSync(join(context, "kind"));
      writeFileSync(join(context, "new"), "new");
      await build("second");
      expect(listTree(join(directory, "second"))).toEqual(listTree(context));
    });
  });

  test("does not have to be the only one: several go at once", async () => {
    await inDirectory(async (directory) => {
      const names = ["one", "two", "three", "four"];
      for (const name of names) {
        mkdirSync(join(directory, name));
        for (let index = 0; index < 500; index++) writeFileSync(join(directory, name, `${index}`), name);
        writeFileSync(join(directory, name, "large"), Buffer.alloc(10_000_000, name));
      }
      const copies = names.map((name) => `:copy(bk.local_("${name}"), "/", "/${name}/")`).join("");
      const locals = names.flatMap((name) => ["--local", `${name}=${name}`]);
      await solvedIn(directory, `bk.export(bk.scratch()${copies})`, [...locals, "-o", "out"]);
      for (const name of names) {
        const [sent, was] = [join(directory, "out", name), join(directory, name)].map((root) =>
          listTree(root, { times: false }),
        );
        expect(sent).toEqual(was ?? []);
      }
    });
  });

  test("with 5,000 files arrives whole", async () => {
    await inDirectory(async (directory) => {
      for (let index = 0; index < 5_000; index++) {
        const place = join(directory, "context", `${index % 200}`);
        if (index < 200) mkdirSync(place, { recursive: true });
        writeFileSync(join(place, `${index}`), `${index}`);
      }
      const count = 'bk.export(bk.scratch():copy(bk.local_("context"), "/", "/all/"))';
      await solvedIn(directory, count, ["-c", "context", "-o", "out"]);
      const sent = listTree(join(directory, "out/all"), { times: false });
      expect(sent).toEqual(listTree(join(directory, "context"), { times: false }));
    });
  });
});

test("a file of any size takes the same memory", async () => {
  await inDirectory(async (directory) => {
    mkdirSync(join(directory, "context"));
    writeFileSync(join(directory, "build.lua"), whole);
    writeFileSync(join(directory, "context/large"), unique());
    truncateSync(join(directory, "context/large"), 300 * 1024 * 1024);
    const flags = ["-c", "context", "--progress", "quiet", "-o", "type=tar,dest=out.tar"];
    const { ended } = startLuakit(["build", "--solve", "--addr", bed.addr, ...flags], { cwd: directory });
    const { exitCode, memory, stderr } = await ended;
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(statSync(join(directory, "out.tar")).size).toBeGreaterThan(300 * 1024 * 1024);
    expect(memory).toBeLessThan(250 * 1024 * 1024);
  });
});

describe.concurrent("what cannot be sent", () => {
  test("is named: a directory that is not there", async () => {
    await inDirectory(async (directory) => {
      const { exitCode, stderr } = await solveIn(directory, whole, ["-c", "gone"]);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("gone");
    });
  });

  test("is named: a malformed pattern", async () => {
    await inDirectory(async (directory) => {
      const script = 'bk.export(bk.local_("context", {include = {"a["}}))';
      const { exitCode, stderr } = await solveIn(directory, script, []);
      expect(exitCode).toBe(1);
      expect(stderr).toStartWith('build.lua:1: bk.local_: option "include": item 1: "a[" is a malformed pattern');
    });
  });

  test("lies outside: nothing that a link leads to is read", async () => {
    await inDirectory(async (directory) => {
      mkdirSync(join(directory, "context"));
      mkdirSync(join(directory, "outside"));
      writeFileSync(join(directory, "outside/secret"), "secret");
      symlinkSync("../outside", join(directory, "context/link"));
      symlinkSync("../outside/secret", join(directory, "context/file"));
      const script = 'bk.export(bk.local_("context", {follow_paths = {"link/secret", "file", "../outside/secret"}}))';
      await solvedIn(directory, script, ["-c", "context", "-o", "out"]);
      expect(lstatSync(join(directory, "out/link")).isSymbolicLink()).toBe(true);
      expect(lstatSync(join(directory, "out/file")).isSymbolicLink()).toBe(true);
      expect(existsSync(join(directory, "out/outside"))).toBe(false);
    });
  });
});
