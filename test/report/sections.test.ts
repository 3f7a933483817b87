import { expect, test } from "bun:test";
import type { VertexFacts } from "../../src/report/definition-facts.ts";
import { findSections } from "../../src/report/sections.ts";

const vertex = (name: string) => ({ name, digest: name });
const facts = (...names: string[]): VertexFacts => ({
  kind: "Exec",
  details: [],
  excerpts: [],
  roles: [],
  names: new Set(names),
});

test("one platform is nothing to tell apart", () => {
  const known = new Map([["a", facts("linux/amd64")]]);
  expect(findSections([vertex("a"), vertex("b")], known)).toEqual({ names: [""], places: [0, 0] });
});

test("vertices of several Definitions are by their names, what they share and the rest beside them", () => {
  const known = new Map([
    ["a", facts("linux/arm64")],
    ["b", facts("linux/amd64")],
    ["c", facts("linux/amd64", "linux/arm64")],
  ]);
  expect(findSections(["a", "b", "c", "d"].map(vertex), known)).toEqual({
    names: ["shared", "linux/amd64", "linux/arm64", "around the build"],
    places: [2, 1, 0, 3],
  });
});

test("what other frontends build names its platform", () => {
  const names = [
    "[linux/amd64 1/2] FROM x",
    "[linux/arm64 1/2] FROM x",
    "[internal] load",
    "[node1 linux/arm64] exporting",
  ];
  expect(findSections(names.map(vertex), new Map())).toEqual({
    names: ["linux/amd64", "linux/arm64", "around the build"],
    places: [0, 1, 2, 1],
  });
});
