import { describe, expect, test } from "bun:test";
import { layOut, type Size } from "../../../src/graph/layout/lay-out.ts";
import { sampleEdges } from "./sample-edges.ts";

function boxes(count: number): Size[] {
  return Array.from({ length: count }, (_, at) => ({ width: 100 + (at % 5) * 30, height: 40 }));
}

describe.each(["down", "right"] as const)("a layout that leads %s", (direction) => {
  const sizes = boxes(150);
  const edges = sampleEdges(150);
  const layout = layOut(sizes, edges, direction);

  test("has no boxes over each other, and none outside", () => {
    const sides = layout.places.map(({ x, y }, at) => {
      const { width, height } = sizes[at] ?? { width: 0, height: 0 };
      return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
    });
    for (const [at, box] of sides.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(-0.001);
      expect(box.right).toBeLessThanOrEqual(layout.width + 0.001);
      expect(box.bottom).toBeLessThanOrEqual(layout.height + 0.001);
      const over = sides
        .slice(at + 1)
        .filter((o) => o.left < box.right && box.left < o.right && o.top < box.bottom && box.top < o.bottom);
      expect(over).toEqual([]);
    }
  });

  test("leads each edge from the border of one box forward to that of the other", () => {
    for (const [at, { from, to }] of edges.entries()) {
      const route = layout.routes[at] ?? [];
      const along = route.map(({ x, y }) => (direction === "down" ? y : x));
      expect(along).toEqual(along.toSorted((left, right) => left - right));
      const half = (box: number) => ((direction === "down" ? sizes[box]?.height : sizes[box]?.width) ?? 0) / 2;
      const middle = (box: number) => (direction === "down" ? layout.places[box]?.y : layout.places[box]?.x) ?? 0;
      expect(along[0]).toBeCloseTo(middle(from) + half(from));
      expect(along.at(-1)).toBeCloseTo(middle(to) - half(to));
    }
  });

  test("is the same each time", () => {
    expect(layOut(sizes, edges, direction)).toEqual(layout);
  });
});

test("nothing and one box have a layout", () => {
  expect(layOut([], [], "down")).toEqual({ width: 0, height: 0, places: [], routes: [] });
  expect(layOut([{ width: 10, height: 20 }], [], "right")).toMatchObject({
    width: 10,
    height: 20,
    places: [{ x: 5, y: 10 }],
  });
});

test("10,000 boxes in one chain, in one layer and with edges across all layers are laid out", () => {
  const chain = Array.from({ length: 9_999 }, (_, from) => ({ from, to: from + 1 }));
  const far = Array.from({ length: 5_000 }, (_, from) => ({ from, to: 2 * from + 1 })).filter((e) => e.from < e.to);
  expect(layOut(boxes(10_000), [...chain, ...far], "down").places).toHaveLength(10_000);
  expect(
    layOut(
      boxes(10_000),
      chain.map(({ to }) => ({ from: 0, to })),
      "right",
    ).places,
  ).toHaveLength(10_000);
}, 60_000);
