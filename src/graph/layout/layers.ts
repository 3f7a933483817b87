/** An edge from one box to a later one: `from < to`. */
export interface LayoutEdge {
  readonly from: number;
  readonly to: number;
  /** How much it draws its boxes into one line: a whole number, by default 1. */
  readonly pull?: number;
}

/** The layer of each of `count` boxes, from 0 on: below all that it uses, and a box that is used more than it uses near its users. */
export function assignLayers(count: number, edges: readonly LayoutEdge[]): Int32Array {
  const byUser = [...edges].sort((left, right) => left.to - right.to);
  const layers = new Int32Array(count);
  for (const { from, to } of byUser) layers[to] = Math.max(at(layers, to), at(layers, from) + 1);
  pullDown(layers, edges);
  return layers;
}

function pullDown(layers: Int32Array, edges: readonly LayoutEdge[]): void {
  const uses = new Int32Array(layers.length);
  for (const { from, to } of edges) {
    uses[to] = at(uses, to) + 1;
    uses[from] = at(uses, from) - 1;
  }
  const nearest = new Int32Array(layers.length).fill(2 ** 31 - 1);
  const byInput = [...edges].sort((left, right) => right.from - left.from);
  // A box moves when all that use it have moved: they have higher numbers.
  let edge = 0;
  for (let box = layers.length - 1; box >= 0; box--) {
    for (let next = byInput[edge]; next?.from === box; next = byInput[++edge]) {
      nearest[box] = Math.min(at(nearest, box), at(layers, next.to) - 1);
    }
    if (at(uses, box) < 0 && at(nearest, box) > at(layers, box)) layers[box] = at(nearest, box);
  }
}

/** `list[index]` where the index is known to be one. */
export function at(list: Int32Array | Float64Array, index: number): number {
  return list[index] ?? 0;
}
