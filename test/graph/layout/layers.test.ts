import { expect, test } from "bun:test";
import { assignLayers } from "../../../src/graph/layout/layers.ts";
import { sampleEdges } from "./sample-edges.ts";

test("a box is below all that it uses", () => {
  const edges = sampleEdges(300);
  const layers = assignLayers(300, edges);
  for (const { from, to } of edges) expect(layers[to]).toBeGreaterThan(layers[from] ?? 0);
});

test("a source stands right above what uses it", () => {
  // 0 to 3 are a chain; 4 is used by the last of it alone.
  const chain = [1, 2, 3].map((to) => ({ from: to - 1, to }));
  const layers = assignLayers(6, [...chain, { from: 3, to: 5 }, { from: 4, to: 5 }]);
  expect([...layers]).toEqual([0, 1, 2, 3, 3, 4]);
});

test("a source of several stands above the first of them", () => {
  const layers = assignLayers(4, [
    { from: 0, to: 2 },
    { from: 1, to: 2 },
    { from: 1, to: 3 },
    { from: 2, to: 3 },
  ]);
  expect([...layers]).toEqual([0, 0, 1, 2]);
});
