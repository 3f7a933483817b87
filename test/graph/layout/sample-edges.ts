import type { LayoutEdge } from "../../../src/graph/layout/layers.ts";

/** Edges of a graph of `count` boxes as builds have them: mostly from what is near, some from far. The same each time. */
export function sampleEdges(count: number): LayoutEdge[] {
  let seed = 1;
  const random = () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const edges: LayoutEdge[] = [];
  for (let to = 4; to < count; to++) {
    const inputs = new Set<number>();
    for (let uses = random() < 0.7 ? 1 : 3; uses > 0; uses--) {
      inputs.add(random() < 0.85 ? Math.max(0, to - Math.ceil(random() * 12)) : Math.floor(random() * to));
    }
    for (const from of inputs) edges.push({ from, to });
  }
  return edges;
}
