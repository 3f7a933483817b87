import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildStatus, buildTree, emit, unique } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const setup = () => `
  local base = bk.image("${images.busybox}"):mkfile("/keep", "${unique()}"):mkfile("/change", "1"):mkfile("/remove", "1")
  local upper = base:run("echo 2 > /change && rm /remove && mkdir /dir && echo 1 > /dir/add")
  `;

describe("bk.diff", () => {
  test("is what was added and changed, and nothing else", async () => {
    const tree = await buildTree(`${setup()} bk.export(bk.diff(base, upper))`);
    expect(tree.paths).toEqual(["change", "dir", "dir/add"]);
    expect(tree.text("/change")).toBe("2\n");
  });

  test("goes onto another base, deletions included", async () => {
    const tree = await buildTree(`${setup()}
      local other = bk.scratch():mkfile("/remove", "other"):mkfile("/change", "other"):mkfile("/own", "other")
      bk.export(bk.merge(other, bk.diff(base, upper)))`);
    expect(tree.paths).toEqual(["change", "dir", "dir/add", "own"]);
    expect(tree.text("/change")).toBe("2\n");
  });

  test("the other way round it takes back what was done", async () => {
    const tree = await buildTree(`${setup()} bk.export(bk.merge(upper, bk.diff(upper, base)))`);
    expect(tree.text("/change")).toBe("1");
    expect([tree.has("/remove"), tree.has("/dir/add"), tree.has("/keep")]).toEqual([true, false, true]);
  });

  test("takes scratch as upper side: everything is deleted", async () => {
    const tree = await buildTree(`${setup()}
      local few = bk.scratch():mkfile("/f", "${unique()}")
      bk.export(bk.merge(few, bk.scratch():mkfile("/g", ""), bk.diff(few, bk.scratch())))`);
    expect(tree.paths).toEqual(["g"]);
  });

  test("of unrelated states is what makes the one of the other", async () => {
    const tree = await buildTree(`
      local one = bk.scratch():mkfile("/a", "${unique()}"):mkfile("/b", "b")
      local two = bk.scratch():mkfile("/b", "other"):mkfile("/c", "c")
      bk.export(bk.merge(one, bk.diff(one, two)))`);
    expect(tree.paths).toEqual(["b", "c"]);
    expect(tree.text("/b")).toBe("other");
  });

  test("keeps hardlinks and modes", async () => {
    const tree = await buildTree(`${setup()}
      local linked = base:run("mkdir -m 700 /h && echo ${unique()} > /h/one && ln /h/one /h/two && chmod 4711 /h/one")
      bk.export(bk.diff(base, linked))`);
    expect(tree.paths).toEqual(["h", "h/one", "h/two"]);
    expect(tree.entry("/h").mode).toBe("0700");
    expect(["one", "two"].map((name) => tree.entry(`/h/${name}`).type).sort()).toEqual(["file", "hardlink"]);
    expect(tree.entry("/h/one").mode).toBe("4711");
  });
});

describe("the simplifications of bk.diff", () => {
  const cases: [string, string[]][] = [
    ["bk.diff(bk.scratch(), s)", ["file"]],
    ["bk.diff(s, s):mkdir('/x')", ["file"]],
    ["bk.diff(bk.scratch(), bk.scratch()):mkdir('/x')", ["file"]],
    ["bk.diff(s, bk.scratch())", ["file", "diff"]],
    ["bk.diff(s, s:mkdir('/y'))", ["file", "file", "diff"]],
  ];

  test.each(cases)("%s", async (diff, expected) => {
    const { definition } = await emit(`local s = bk.scratch():mkfile("/s", "s") bk.export(${diff})`);
    expect(decodeOps(definition).map(({ op }) => String(op.case))).toEqual(expected);
  });

  test("of a state with itself there is nothing to build", async () => {
    const { definition } = await emit('local s = bk.scratch():mkfile("/s", "s") bk.export(bk.diff(s, s))');
    expect(definition.length).toBe(0);
  });
});

describe("state:with_metadata", () => {
  const step = (mark: string, metadata: string) => `
    local out = bk.bind(bk.scratch(), "/out", {readonly = false})
    local step = bk.image("${images.busybox}"):run("cat /proc/sys/kernel/random/uuid > /out/drawn # ${mark}", {mounts = {out}})
    ${metadata === "" ? "" : `step = step:with_metadata{${metadata}}`}
    bk.export(step:mount("/out"))`;

  test("description and group are what progress shows", async () => {
    const mark = unique();
    const { status } = await buildStatus(step(mark, `description = "Draw ${mark}", group = "lottery"`));
    const shown = status.flatMap(({ vertexes = [] }) => vertexes).find(({ name }) => name === `Draw ${mark}`);
    expect(shown?.progressGroup).toMatchObject({ name: "lottery" });
  });

  test("of a file operation too", async () => {
    const mark = unique();
    const { status } = await buildStatus(
      `bk.export(bk.scratch():mkfile("/f", "${mark}"):with_metadata{description = "Write ${mark}"}:mkfile("/g", ""))`,
    );
    const names = status.flatMap(({ vertexes = [] }) => vertexes.map(({ name }) => name));
    expect(names).toContain(`Write ${mark}`);
    expect(names).toContain("mkfile /g");
  });

  test.each(["no_cache = true", "no_cache = false", ""])("{%s} tells whether the step runs again", async (metadata) => {
    const script = step(unique(), metadata);
    const drawn = [(await buildTree(script)).text("drawn"), (await buildTree(script)).text("drawn")];
    expect(drawn[0] === drawn[1]).toBe(metadata !== "no_cache = true");
  });
});

test("state:for_platform is what later steps run for, and earlier ones do not", async () => {
  const platforms = async (script: string) => {
    const { definition } = await emit(script, { flags: ["--no-resolve", "--platform=linux/amd64"] });
    return decodeOps(definition).flatMap(({ op, platform }) =>
      op.case === "exec" ? [`${platform?.Architecture} ${platform?.Variant}`] : [],
    );
  };
  const script = 'bk.export(bk.image("busybox"):run("one"):for_platform(ARM):run("two"))';
  expect(await platforms(script.replace("ARM", '"linux/arm64"'))).toEqual(["amd64 ", "arm64 "]);
  expect(await platforms(script.replace("ARM", 'bk.platform("linux", "arm", "v6")'))).toEqual(["amd64 ", "arm v6"]);
});
