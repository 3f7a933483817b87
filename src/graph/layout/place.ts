import { at } from "./layers.ts";
import type { Ranks } from "./ranks.ts";

const sweeps = 14;

/** Middles of all nodes along their layer: near their neighbours, in the layer's order, `gaps` apart. */
export function placeNodes(ranks: Ranks, widths: Float64Array, gap: number): Float64Array {
  const middles = new Float64Array(widths.length);
  const distance = (left: number, right: number) => (at(widths, left) + at(widths, right)) / 2 + gap;
  for (const layer of ranks.layers) pack(layer, middles, distance);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const last = sweep >= sweeps - 2;
    const sides = last ? [ranks.above, ranks.below] : [sweep % 2 === 0 ? ranks.above : ranks.below];
    const order = sweep % 2 === 0 ? ranks.layers : ranks.layers.toReversed();
    for (const layer of order) settle(layer, { ranks, middles, sides, distance });
  }
  return middles;
}

type Distance = (left: number, right: number) => number;

interface Settling {
  readonly ranks: Ranks;
  readonly middles: Float64Array;
  readonly sides: readonly Ranks["above"][];
  readonly distance: Distance;
}

function pack(layer: readonly number[], middles: Float64Array, distance: Distance): void {
  let before: number | undefined;
  for (const node of layer) {
    middles[node] = before === undefined ? 0 : at(middles, before) + distance(before, node);
    before = node;
  }
  const shift = before === undefined ? 0 : at(middles, before) / 2;
  for (const node of layer) middles[node] = at(middles, node) - shift;
}

interface Block {
  sum: number;
  weight: number;
  readonly start: number;
}

/**
 * Moves each node as near to the middle of its neighbours as the others let it: the least sum of squares under the
 * layer's order, found by joining blocks that would overlap (pool adjacent violators).
 */
function settle(layer: readonly number[], { ranks, middles, sides, distance }: Settling): void {
  const offsets = new Float64Array(layer.length);
  const blocks: Block[] = [];
  for (const [index, node] of layer.entries()) {
    const before = layer[index - 1];
    if (before !== undefined) offsets[index] = at(offsets, index - 1) + distance(before, node);
    const { wanted, weight } = wish(node, ranks, middles, sides);
    let block: Block = { sum: (wanted - at(offsets, index)) * weight, weight, start: index };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.weight <= block.sum / block.weight) break;
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, start: last.start };
      blocks.pop();
    }
    blocks.push(block);
  }
  for (const [index, { sum, weight, start }] of blocks.entries()) {
    const end = blocks[index + 1]?.start ?? layer.length;
    for (let slot = start; slot < end; slot++) middles[layer[slot] ?? 0] = sum / weight + at(offsets, slot);
  }
}

/** Bends pull at each other, so that long edges are straight. A node without neighbours stays, weakly. */
function wish(
  node: number,
  { boxes }: Ranks,
  middles: Float64Array,
  sides: Settling["sides"],
): { wanted: number; weight: number } {
  let sum = 0;
  let weight = 0;
  for (const side of sides) {
    for (const other of side[node] ?? []) {
      const pull = (node < boxes ? 1 : 3) * (other < boxes ? 1 : 3);
      sum += at(middles, other) * pull;
      weight += pull;
    }
  }
  return weight === 0 ? { wanted: at(middles, node), weight: 0.01 } : { wanted: sum / weight, weight };
}
