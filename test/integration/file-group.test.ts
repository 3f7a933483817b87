import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, buildTree, emit, unique } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { testbed } from "../support/testbed.ts";
import type { Tree } from "../support/tree.ts";

setDefaultTimeout(60_000);

const operations = [
  'mkdir("/app", {mode = "0750", owner = "app", created = 5})',
  'mkfile("/app/one", "1", {mode = "0600", created = 6})',
  'copy(src, "/*", "/app/copied/", {owner = "3:4"})',
  'copy(src, {"/a", "/b"}, "list/")',
  'symlink("one", "/app/link", {owner = 7, created = 8})',
  'rm("/app/copied/b")',
  'rm({"/missing", "/app/none*"}, {allow_not_found = true, allow_wildcard = true})',
];

function script(body: string): string {
  return `
    local src = bk.scratch():mkfile("/a", "a ${unique()}", {created = 1}):mkfile("/b", "b", {created = 2})
    local s = bk.image("${testbed().images.busybox}"):with_dir("/srv")
    ${body}
    bk.export(s)`;
}

const single = script(operations.map((call) => `s = s:${call}`).join("\n"));
const grouped = script(`s = s:files(function(f)\n${operations.map((call) => `f:${call}`).join("\n")}\nend)`);

function describeTree(tree: Tree): string[] {
  return tree.paths
    .filter((path) => /^(app|srv)\//.test(path))
    .map((path) => {
      const { type, mode, owner, target } = tree.entry(path);
      return [path, type, mode, owner, target, type === "file" ? tree.text(path).slice(0, 2) : ""].join(" ");
    });
}

async function actionsOf(text: string): Promise<number[]> {
  const { definition } = await emit(text, { flags: ["--no-resolve"] });
  return decodeOps(definition).flatMap(({ op }) => (op.case === "file" ? [op.value.actions.length] : []));
}

describe("state:files", () => {
  test("gives what the calls give one by one", async () => {
    const [one, all] = await Promise.all([buildTree(single), buildTree(grouped)]);
    expect(describeTree(all)).toEqual(describeTree(one));
    expect(describeTree(all)).toEqual([
      "app/copied directory 0755 3:4  ",
      "app/copied/a file 0644 3:4  a ",
      "app/link symlink 0777 7:7 one ",
      "app/one file 0600 0:0  1",
      "srv/list directory 0755 0:0  ",
      "srv/list/a file 0644 0:0  a ",
      "srv/list/b file 0644 0:0  b",
    ]);
    expect(all.entry("app")).toMatchObject({ mode: "0750", owner: "1000:1000" });
  });

  test("is one FileOp, and without it each call is one", async () => {
    expect(await actionsOf(single)).toEqual([1, 1, 1, 1, 1, 2, 1, 1, 2]);
    expect(await actionsOf(grouped)).toEqual([1, 1, 9]);
  });

  test("an action of a group that fails names the group's line", async () => {
    const stderr = await buildFails(script('s = s:files(function(f)\nf:mkdir("/ok")\nf:rm("/not-there")\nend)'));
    expect(stderr).toMatch(/not-there: no such file or directory/);
    expect(stderr).toMatch(/^build\.lua:4(:|$)/m);
  });

  test("its functions return the collection, so that calls chain", async () => {
    const tree = await buildTree(`
      bk.export(bk.scratch():files(function(f) f:mkdir("/${unique()}"):mkdir("/d"):mkfile("/d/f", "f") end))`);
    expect(tree.text("/d/f")).toBe("f");
  });
});
