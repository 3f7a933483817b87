import { expect, test } from "bun:test";
import { placeNodes } from "../../../src/graph/layout/place.ts";
import { makeRanks } from "../../../src/graph/layout/ranks.ts";
import { sampleEdges } from "./sample-edges.ts";

test("nodes of a layer keep their order and their distance", () => {
  const ranks = makeRanks(200, sampleEdges(200));
  const widths = Float64Array.from(ranks.layerOf, (_, node) => 20 + (node % 7) * 10);
  const middles = placeNodes(ranks, widths, 12);
  for (const layer of ranks.layers) {
    for (const [at, node] of layer.entries()) {
      const next = layer[at + 1];
      if (next === undefined) continue;
      const room = ((widths[node] ?? 0) + (widths[next] ?? 0)) / 2 + 12;
      expect((middles[next] ?? 0) - (middles[node] ?? 0)).toBeGreaterThan(room - 0.001);
    }
  }
});

test("a chain is a straight line, and a base stands in the middle of what uses it", () => {
  const ranks = makeRanks(5, [
    { from: 0, to: 1 },
    { from: 0, to: 2 },
    { from: 1, to: 3 },
    { from: 3, to: 4 },
  ]);
  const middles = placeNodes(ranks, new Float64Array(5).fill(100), 10);
  expect(middles[3]).toBeCloseTo(middles[1] ?? 0, 0);
  expect(middles[4]).toBeCloseTo(middles[1] ?? 0, 0);
  expect(middles[0]).toBeGreaterThan(middles[1] ?? 0);
  expect(middles[0]).toBeLessThan(middles[2] ?? 0);
});
