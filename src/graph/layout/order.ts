import type { Ranks } from "./ranks.ts";

/** Orders the nodes of each layer so that few edges cross: sweeps that sort by the middle of the neighbours; the best one stays. */
export function orderLayers(ranks: Ranks): void {
  const { layers, layerOf } = ranks;
  const places = new Int32Array(layerOf.length);
  for (const layer of layers) setPlaces(layer, places);
  let best = layers.map((layer) => [...layer]);
  let fewest = countCrossings(ranks, places);
  const sweeps = sweepsFor(layerOf.length);
  for (let sweep = 0, idle = 0; sweep < sweeps && fewest > 0 && idle < 4; sweep++, idle++) {
    const neighbours = sweep % 2 === 0 ? ranks.above : ranks.below;
    const order = sweep % 2 === 0 ? layers : layers.toReversed();
    for (const layer of order) sortLayer(layer, neighbours, places);
    const crossings = countCrossings(ranks, places);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = layers.map((layer) => [...layer]);
    idle = 0;
  }
  for (const [at, layer] of best.entries()) layers[at]?.splice(0, layer.length, ...layer);
}

function sweepsFor(nodes: number): number {
  return Math.max(4, Math.min(40, Math.floor(200_000 / (nodes + 1))));
}

function setPlaces(layer: readonly number[], places: Int32Array): void {
  for (const [place, node] of layer.entries()) places[node] = place;
}

/** Nodes without neighbours on that side keep their places. */
function sortLayer(layer: number[], neighbours: Ranks["above"], places: Int32Array): void {
  const slots: number[] = [];
  const movable: { readonly node: number; readonly middle: number }[] = [];
  for (const [slot, node] of layer.entries()) {
    const near = neighbours[node] ?? [];
    if (near.length === 0) continue;
    slots.push(slot);
    movable.push({ node, middle: near.reduce((sum, other) => sum + (places[other] ?? 0), 0) / near.length });
  }
  movable.sort((left, right) => left.middle - right.middle || (places[left.node] ?? 0) - (places[right.node] ?? 0));
  for (const [at, { node }] of movable.entries()) layer[slots[at] ?? 0] = node;
  setPlaces(layer, places);
}

function countCrossings({ layers, below }: Ranks, places: Int32Array): number {
  let crossings = 0;
  for (const [at, layer] of layers.entries()) {
    const width = layers[at + 1]?.length ?? 0;
    if (width > 1) crossings += crossingsBetween(layer, width, below, places);
  }
  return crossings;
}

/** Edges are added from left to right to a Fenwick tree, which tells how many end to the right of each. */
function crossingsBetween(layer: readonly number[], width: number, below: Ranks["below"], places: Int32Array): number {
  const tree = new Int32Array(width + 1);
  let added = 0;
  let crossings = 0;
  for (const node of layer) {
    const ends = (below[node] ?? []).map((other) => places[other] ?? 0).sort((left, right) => left - right);
    for (const end of ends) {
      let notRight = 0;
      for (let index = end + 1; index > 0; index -= index & -index) notRight += tree[index] ?? 0;
      crossings += added - notRight;
    }
    for (const end of ends) {
      for (let index = end + 1; index <= width; index += index & -index) tree[index] = (tree[index] ?? 0) + 1;
    }
    added += ends.length;
  }
  return crossings;
}
