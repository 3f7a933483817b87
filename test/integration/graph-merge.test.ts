import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildTree, emit, unique } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const setup = () => `
  local base = bk.image("${images.busybox}")
  local a = bk.scratch():mkfile("/same", "a"):mkfile("/a", "${unique()}"):mkdir("/dir"):mkfile("/dir/a", "a")
  local b = bk.scratch():mkfile("/same", "b"):mkfile("/b", "b"):mkdir("/dir", {mode = "0700"}):mkfile("/dir/b", "b")
  local c = bk.scratch():mkfile("/same", "c"):mkfile("/c", "c")
  `;

const kinds = async (script: string) => {
  const { definition } = await emit(setup() + script, { flags: ["--no-resolve"] });
  return decodeOps(definition).map(({ op }) => op.case);
};

describe("bk.merge", () => {
  test.each([
    ["bk.merge(a, b, c)", "c"],
    ["bk.merge(c, b, a)", "a"],
    ["bk.merge{c, a, b}", "b"],
    ["bk.merge({a, c})", "c"],
    ["bk.merge(a, bk.merge(c, b))", "b"],
  ])("%s: the later one wins", async (merge, winner) => {
    const tree = await buildTree(`${setup()} bk.export(${merge})`);
    expect(tree.text("/same")).toBe(winner);
  });

  test("has what all of them have", async () => {
    const tree = await buildTree(`${setup()} bk.export(bk.merge(a, b, c))`);
    expect(tree.paths).toEqual(["a", "b", "c", "dir", "dir/a", "dir/b", "same"]);
    expect(tree.entry("dir").mode).toBe("0700");
  });

  test("puts states on an image, and its steps see them all", async () => {
    const tree = await buildTree(`${setup()}
      local out = bk.bind(bk.scratch(), "/out", {readonly = false})
      local merged = bk.merge(base, a, b)
      bk.export(merged:run("cat /same /b > /out/seen # ${unique()}", {mounts = {out}}):mount("/out"))`);
    expect(tree.text("/seen")).toBe("bb");
  });

  test("keeps what a step deleted deleted, when it is a difference", async () => {
    const tree = await buildTree(`${setup()}
      local full = base:mkfile("/gone", "x"):mkfile("/stays", "x")
      local without = full:run("rm /gone && touch /new # ${unique()}")
      bk.export(bk.merge(full, bk.diff(full, without)))`);
    expect([tree.has("/gone"), tree.has("/stays"), tree.has("/new")]).toEqual([false, true, true]);
  });

  test("a later file comes back over an earlier deletion", async () => {
    const tree = await buildTree(`${setup()}
      local full = base:mkfile("/gone", "x")
      bk.export(bk.merge(full, bk.diff(full, full:rm("/gone")), bk.scratch():mkfile("/gone", "back")))`);
    expect(tree.text("/gone")).toBe("back");
  });

  test("keeps hardlinks", async () => {
    const tree = await buildTree(`${setup()}
      local linked = base:run("mkdir /h && echo ${unique()} > /h/one && ln /h/one /h/two")
      bk.export(bk.merge(a, bk.diff(base, linked)))`);
    expect(["one", "two"].map((name) => tree.entry(`/h/${name}`).type).sort()).toEqual(["file", "hardlink"]);
    expect(tree.text("/h/two")).toBe(tree.text("/h/one"));
  });

  test.each([
    ["bk.merge(a, bk.scratch(), b)", ["file", "file", "file", "file", "file", "file", "file", "file", "merge"]],
    ["bk.merge(bk.scratch(), a)", ["file", "file", "file", "file"]],
    ["bk.merge{a, bk.scratch()}", ["file", "file", "file", "file"]],
    ["bk.merge(bk.scratch(), bk.scratch()):mkdir('/x')", ["file"]],
  ])("%s has no op for scratch", async (merge, expected) => {
    expect((await kinds(`bk.export(${merge})`)).join(" ")).toBe(expected.join(" "));
  });

  test("of scratch alone is an empty tree", async () => {
    const script = "bk.export(bk.merge(bk.scratch(), bk.scratch()))";
    expect((await emit(script)).definition.length).toBe(0);
  });
});
