import { expect, setDefaultTimeout, test } from "bun:test";
import { solvedTree, solveFails } from "../support/solved-tree.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { busybox, multi } = testbed().images;
const files = { "src/a": "a", "src/b.skip": "b", "src/.dockerignore": "*.skip\n.dockerignore\n" };

test("--build-context stands for directories and images, in Dockerfiles too", async () => {
  const script = `
    local own = bk.scratch():copy(bk.local_("src"), "/", "/s"):copy(bk.image("base"), "/arch.txt", "/arch")
    bk.export(bk.merge(own, bk.dockerfile()))`;
  const flags = ["--build-context", "src=src", "--build-context", `base=docker-image://${multi}`];
  const Dockerfile = `FROM scratch\nCOPY --from=src / /d\nCOPY --from=base /arch.txt /from-base\n`;
  const { tree } = await solvedTree(script, flags, { files: { ...files, Dockerfile } });
  expect(tree.paths).toEqual(["arch", "d", "d/a", "from-base", "s", "s/a"]);
  expect(tree.text("from-base")).toBe(tree.text("arch"));
});

test.each([
  ["x=ftp://host/file", 'context "x": the context source "ftp" is not supported'],
  ["x=nowhere", "--build-context: there is no directory"],
  ["x", '--build-context: "x" is not NAME=VALUE'],
])("--build-context %s is refused", async (value, message) => {
  const script = `bk.export(bk.image("${busybox}"))`;
  expect((await solveFails(script, ["--build-context", value])).stderr).toContain(message);
});
