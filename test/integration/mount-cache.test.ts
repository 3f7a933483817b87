import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildTree, unique } from "../support/build.ts";
import { runProbes, testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const cache = (dest: string, options: string) => `mounts = {bk.cache("${dest}", {${options}})}`;
const run = async (step: { run: string; options?: string }) => (await runProbes([step]))[0];

describe.concurrent("bk.cache", () => {
  test("keeps what a step left for the steps of later builds", async () => {
    const options = cache("/c", `id = "${unique()}"`);
    await run({ options, run: "echo kept > /c/file" });
    expect(await run({ options, run: "cat /c/file" })).toBe("kept");
  });

  test("is the same cache wherever it is mounted, and another one with another id", async () => {
    const id = unique();
    await run({ options: cache("/one", `id = "${id}"`), run: "echo kept > /one/file" });
    const [same, other] = await runProbes([
      { options: cache("/two", `id = "${id}"`), run: "cat /two/file" },
      { options: cache("/one", `id = "${id}-other"`), run: "ls /one" },
    ]);
    expect([same, other]).toEqual(["kept", ""]);
  });

  test("has the destination as its id", async () => {
    const dest = `/c-${unique()}`;
    const mount = `mounts = {bk.cache("${dest}")}`;
    await run({ options: mount, run: `echo kept > ${dest}/file` });
    expect(await run({ options: cache("/elsewhere", `id = "${dest}"`), run: "cat /elsewhere/file" })).toBe("kept");
    expect(await run({ options: mount, run: `cat ${dest}/file` })).toBe("kept");
  });

  test("is no part of the result", async () => {
    const tree = await buildTree(`
      bk.export(bk.image("${images.busybox}"):run("touch /c/cached /kept # ${unique()}", {mounts = {bk.cache("/c")}}))`);
    expect(tree.has("kept")).toBe(true);
    expect(tree.has("c/cached")).toBe(false);
  });

  test("is emptied for a step that ignores the cache", async () => {
    const mount = cache("/c", `id = "${unique()}"`);
    await run({ options: mount, run: "echo kept > /c/file" });
    expect(await run({ options: `${mount}, no_cache = true`, run: "ls /c" })).toBe("");
  });
});

describe.concurrent("bk.cache sharing", () => {
  // Each of two steps says whether it saw the other one's mark within its time.
  const meet = (own: string, other: string) =>
    `touch /c/${own}; for i in 1 2 3 4 5 6 7 8; do test -e /c/${other} && break; sleep 0.5; done; test -e /c/${other} && echo met || echo alone`;
  const pair = (sharing: string) => {
    const options = cache("/c", `id = "${unique()}"${sharing}`);
    return [
      { options, run: meet("a", "b") },
      { options, run: meet("b", "a") },
    ];
  };

  test("shared lets steps in together, locked one after the other, private gives each its own", async () => {
    const kinds = ["", ', sharing = "shared"', ', sharing = "locked"', ', sharing = "private"'];
    const outputs = await runProbes(kinds.flatMap(pair));
    const seen = kinds.map((_, index) => outputs.slice(2 * index, 2 * index + 2).sort());
    expect(seen).toEqual([
      ["met", "met"],
      ["met", "met"],
      ["alone", "met"],
      ["alone", "alone"],
    ]);
  });
});

const seed = 'bk.scratch():mkdir("/deep"):mkfile("/deep/seed.txt", "sown", {mode = "0640"}):mkfile("/top.txt", "")';
const look = "stat -c '%u:%g %a' /c";

testProbes("bk.cache starts", [
  { title: "empty and root's", options: cache("/c", `id = "${unique()}"`), run: `ls /c; ${look}`, expect: "0:0 755" },
  {
    title: "with the files of from",
    options: cache("/c", `id = "${unique()}", from = ${seed}`),
    run: "ls /c; cat /c/deep/seed.txt",
    expect: "deep\ntop.txt\nsown",
  },
  {
    title: "with a directory of from",
    options: cache("/c", `id = "${unique()}", from = ${seed}, selector = "/deep"`),
    run: "ls /c; cat /c/seed.txt",
    expect: "seed.txt\nsown",
  },
  {
    title: "with an owner",
    options: cache("/c", `id = "${unique()}", uid = 1000, gid = 1234`),
    run: look,
    expect: "1000:1234 755",
  },
  { title: "with a mode", options: cache("/c", `id = "${unique()}", mode = "0700"`), run: look, expect: "0:0 700" },
  {
    title: "with all of that",
    options: cache(
      "/c",
      `id = "${unique()}", uid = 1000, gid = 1000, mode = "0750", from = ${seed}, selector = "deep"`,
    ),
    run: `${look}; stat -c '%u:%g %a' /c/seed.txt; cat /c/seed.txt`,
    expect: "1000:1000 750\n0:0 640\nsown",
  },
  {
    title: "writable for its owner",
    options: `${cache("/c", `id = "${unique()}", uid = 1000`)}, user = "app"`,
    run: "touch /c/file && echo written",
    expect: "written",
  },
  {
    title: "not writable for others",
    options: `${cache("/c", `id = "${unique()}"`)}, user = "app"`,
    run: "touch /c/file || echo refused",
    expect: /refused$/,
  },
]);
