import { expect, test } from "bun:test";
import { decodeGraphs } from "../../../src/graph/decode-graph.ts";
import { resultsOf, tagsOf } from "../../../src/graph/draw/tag.ts";
import { encodeDefinition } from "../../../src/llb/encode-definition.ts";
import { run } from "../../../src/llb/exec.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { image } from "../../../src/llb/source-image.ts";

const base = image("docker.io/library/a:1", {}, {});
const platforms = ["amd64", "arm64"].map((architecture) => ({
  name: `linux/${architecture}`,
  definition: encodeDefinition(marshal(run(base, "make", {}, {}), { platform: { os: "linux", architecture } })),
}));
const targets = ["app", "docs"].map((name) => ({
  name,
  definition: encodeDefinition(marshal(run(base, name, {}, {}), { platform: { os: "linux", architecture: "amd64" } })),
}));

test("vertices of several platforms have theirs", () => {
  const graph = decodeGraphs(platforms);
  expect([...tagsOf(graph).values()]).toEqual(["amd64", "amd64", "arm64", "arm64"]);
});

test("vertices of one of several results have its name, and shared ones none", () => {
  const graph = decodeGraphs(targets);
  expect([...tagsOf(graph)]).toEqual([
    [2, "app"],
    [3, "docs"],
  ]);
  expect([...resultsOf(graph)].map(([number, owners]) => [number, [...owners]]).sort()).toEqual([
    [1, [0, 1]],
    [2, [0]],
    [3, [1]],
  ]);
});

test("of one result there is nothing to tell apart", () => {
  expect(tagsOf(decodeGraphs(targets.slice(0, 1))).size).toBe(0);
});
