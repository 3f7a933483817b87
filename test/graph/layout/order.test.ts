import { expect, test } from "bun:test";
import { orderLayers } from "../../../src/graph/layout/order.ts";
import { makeRanks, type Ranks } from "../../../src/graph/layout/ranks.ts";
import { sampleEdges } from "./sample-edges.ts";

/** Every pair of edges, to be sure. */
function crossings({ layers, below }: Ranks): number {
  const place = new Map(layers.flatMap((layer) => layer.map((node, at) => [node, at] as const)));
  let count = 0;
  for (const layer of layers) {
    const edges = layer.flatMap((node, from) => (below[node] ?? []).map((to) => [from, place.get(to) ?? 0] as const));
    for (const [at, [from, to]] of edges.entries()) {
      for (const [otherFrom, otherTo] of edges.slice(at + 1)) if ((from - otherFrom) * (to - otherTo) < 0) count++;
    }
  }
  return count;
}

test("branches that were written in the wrong order do not cross", () => {
  const ranks = makeRanks(6, [
    { from: 0, to: 5 },
    { from: 1, to: 4 },
    { from: 2, to: 3 },
  ]);
  expect(crossings(ranks)).toBe(3);
  orderLayers(ranks);
  expect(crossings(ranks)).toBe(0);
});

test("there are fewer crossings, and the same nodes in each layer", () => {
  const ranks = makeRanks(200, sampleEdges(200));
  const before = crossings(ranks);
  const nodes = ranks.layers.map((layer) => layer.toSorted());
  orderLayers(ranks);
  expect(crossings(ranks)).toBeLessThan(before / 2);
  expect(ranks.layers.map((layer) => layer.toSorted())).toEqual(nodes);
});
