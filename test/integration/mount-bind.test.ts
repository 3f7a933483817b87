import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildTree, unique } from "../support/build.ts";
import { testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
/** A source that no build before has had: an old daemon may let steps write into what others read. */
const newSetup = (top = unique()) =>
  `local source = bk.scratch():mkdir("/dir", {created = ${Math.floor(Math.random() * 1e9)}}):mkfile("/dir/inner.txt", "inner"):mkfile("/top.txt", "${top}")`;

testProbes(
  "bk.bind",
  [
    {
      title: "shows another state",
      options: 'mounts = {bk.bind(source, "/src")}',
      run: "cat /src/top.txt /src/dir/inner.txt",
      expect: "topinner",
    },
    {
      title: "is read-only",
      options: 'mounts = {bk.bind(source, "/src")}',
      run: "touch /src/new",
      expect: /Read-only file system/,
    },
    {
      title: "is writable when told",
      options: 'mounts = {bk.bind(source, "/src", {readonly = false})}',
      run: "touch /src/new && ls /src",
      expect: "dir\nnew\ntop.txt",
    },
    {
      title: "shows a directory of it",
      options: 'mounts = {bk.bind(source, "/src", {selector = "/dir"})}',
      run: "ls /src",
      expect: "inner.txt",
    },
    {
      title: "shows a file of it",
      options: 'mounts = {bk.bind(source, "/one.txt", {selector = "dir/inner.txt"})}',
      run: "cat /one.txt",
      expect: "inner",
    },
    {
      title: "is below the working directory when relative",
      options: 'cwd = "/usr/local", mounts = {bk.bind(source, "here")}',
      run: "cat /usr/local/here/top.txt",
      expect: "top",
    },
    {
      title: "is below another mount",
      options: 'mounts = {bk.bind(source, "/tmp/a/b"), bk.tmpfs("/tmp")}',
      run: "cat /tmp/a/b/top.txt; grep -c ' /tmp tmpfs' /proc/mounts",
      expect: "top1",
    },
    {
      title: "several at once",
      options: 'mounts = {bk.bind(source, "/a"), bk.bind(source, "/b")}',
      run: "cat /a/top.txt /b/top.txt",
      expect: "toptop",
    },
  ],
  { setup: () => newSetup("top") },
);

describe.concurrent("state:mount", () => {
  const step = (run: string, options: string, rest: string) => `
    ${newSetup()}
    local base = ${busybox}
    local after = base:run("${run} # ${unique()}", {mounts = {${options}}})
    ${rest}`;

  test("is what the step left in a writable bind", async () => {
    const tree = await buildTree(
      step(
        "echo new > /out/new.txt; rm /out/top.txt; touch /root.txt",
        'bk.bind(source, "/out", {readonly = false})',
        'bk.export(after:mount("/out"))',
      ),
    );
    expect(tree.paths).toEqual(["dir", "dir/inner.txt", "new.txt"]);
    expect(tree.text("new.txt")).toBe("new\n");
  });

  test("leaves the state of the step and the mounted state as they were", async () => {
    const tree = await buildTree(
      step(
        "touch /out/new.txt /root.txt",
        'bk.bind(source, "/out", {readonly = false})',
        'bk.export(bk.scratch():copy(after, "/root.txt", "/step/"):copy(source, "/", "/source"))',
      ),
    );
    expect(tree.paths).toEqual([
      "source",
      "source/dir",
      "source/dir/inner.txt",
      "source/top.txt",
      "step",
      "step/root.txt",
    ]);
  });

  test("tells several mounts apart", async () => {
    const writable = (dest: string) => `bk.bind(bk.scratch(), "${dest}", {readonly = false})`;
    const tree = await buildTree(
      step(
        "touch /z/from-z /a/from-a /m/from-m",
        [writable("/z"), 'bk.bind(source, "/b")', writable("/a"), 'bk.tmpfs("/t")', writable("/m")].join(", "),
        `bk.export(bk.scratch():copy(after:mount("/a"), "/", "/a"):copy(after:mount("/z"), "/", "/z"):copy(after:mount("/m"), "/", "/m"))`,
      ),
    );
    expect(tree.paths).toEqual(["a", "a/from-a", "m", "m/from-m", "z", "z/from-z"]);
  });

  test("is there when the root is read-only", async () => {
    const tree = await buildTree(`
      local out = bk.bind(bk.scratch(), "/out", {readonly = false})
      local after = ${busybox}:run("touch /out/file # ${unique()}", {readonly_root = true, mounts = {out}})
      bk.export(after:mount("/out"))`);
    expect(tree.paths).toEqual(["file"]);
  });

  test("can be built upon", async () => {
    const tree = await buildTree(
      step(
        "touch /out/one",
        'bk.bind(bk.scratch(), "/out", {readonly = false})',
        'bk.export(after:mount("/out"):mkfile("/two", ""))',
      ),
    );
    expect(tree.paths).toEqual(["one", "two"]);
  });
});

describe.concurrent("bk.bind content_cache", () => {
  // The mounted state is made anew by another step, with the same contents.
  const draw = (options: string, step: string) => `
    local source = ${busybox}:run("echo same > /src/file # ${unique()}", {mounts = {bk.bind(bk.scratch(), "/src", {readonly = false})}}):mount("/src")
    local mounts = {bk.bind(source, "/src", {${options}}), bk.bind(bk.scratch(), "/out", {readonly = false})}
    bk.export(${busybox}:run("cat /proc/sys/kernel/random/uuid > /out/drawn # ${step}", {mounts = mounts}):mount("/out"))`;
  const drawTwice = async (options: string) => {
    const step = unique();
    const [first, second] = [await buildTree(draw(options, step)), await buildTree(draw(options, step))];
    return [first.text("drawn"), second.text("drawn")];
  };

  test.each(["", 'content_cache = "on"'])("equal contents reuse the step's cache with {%s}", async (options) => {
    const [first, second] = await drawTwice(options);
    expect(second).toBe(first);
  });

  test("off looks at how the contents were made", async () => {
    const [first, second] = await drawTwice('content_cache = "off"');
    expect(second).not.toBe(first);
  });
});

test.concurrent("a selector that names nothing fails the build", async () => {
  const script = `${newSetup()}\nbk.export(${busybox}:run("true # ${unique()}", {mounts = {bk.bind(source, "/src", {selector = "/missing"})}}))`;
  expect(await buildFails(script)).toContain("missing");
});
