import { expect, test } from "bun:test";
import { makeRanks } from "../../../src/graph/layout/ranks.ts";
import { sampleEdges } from "./sample-edges.ts";

test("an edge has one node in each layer from its box to its user", () => {
  const { routes, layerOf } = makeRanks(200, sampleEdges(200));
  for (const route of routes) {
    const layers = route.map((node) => layerOf[node] ?? 0);
    expect(layers).toEqual(layers.map((_, at) => (layers[0] ?? 0) + at));
  }
});

test("what uses the same box from afar shares its bends", () => {
  // A chain of four whose first is used by the third and the fourth as well.
  const chain = [1, 2, 3].map((to) => ({ from: to - 1, to }));
  const { routes, layers } = makeRanks(4, [...chain, { from: 0, to: 2 }, { from: 0, to: 3 }]);
  expect(routes[3]).toEqual([0, 4, 2]);
  expect(routes[4]).toEqual([0, 4, 5, 3]);
  expect(layers.map((layer) => layer.length)).toEqual([1, 2, 2, 1]);
});

test("when there would be too many bends, the longest edges go straight", () => {
  const chain = Array.from({ length: 2999 }, (_, from) => ({ from, to: from + 1 }));
  const far = Array.from({ length: 1000 }, (_, from) => ({ from, to: from + 2000 }));
  const { layerOf, routes } = makeRanks(3000, [...chain, ...far]);
  expect(layerOf.length).toBeLessThan(43_001);
  expect(routes.filter((route) => route.length === 2).length).toBeGreaterThan(2999);
});
