import { assignLayers, at, type LayoutEdge } from "./layers.ts";

/** The way of an edge: boxes and bends by their number in {@link Ranks}, one per layer, ends included. */
export type Route = readonly number[];

/**
 * Boxes and the bends of edges that cross layers. What uses the same box from afar shares its bends, so that a base of
 * many steps has one trunk. A node is a box when it is lower than `boxes`.
 */
export interface Ranks {
  readonly boxes: number;
  readonly layerOf: Int32Array;
  /** Nodes of each layer; their order is that in which they are drawn. */
  readonly layers: readonly number[][];
  /** Neighbours of each node in the layer above and in the one below, as often as they pull. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** One per edge. */
  readonly routes: readonly Route[];
}

/** More bends than this take too long to place; then the longest edges go straight. */
const mostBends = 40_000;

/** Puts boxes and bends in layers, in the order of their numbers. */
export function makeRanks(boxes: number, edges: readonly LayoutEdge[]): Ranks {
  const boxLayers = assignLayers(boxes, edges);
  const chains = chainLengths(boxes, edges, boxLayers);
  const layerOf: number[] = [...boxLayers];
  const firstBend = new Map<number, number>();
  for (const [box, length] of chains) {
    firstBend.set(box, layerOf.length);
    for (let bend = 1; bend <= length; bend++) layerOf.push(at(boxLayers, box) + bend);
  }
  const above: number[][] = layerOf.map(() => []);
  const below: number[][] = layerOf.map(() => []);
  const join = (upper: number, lower: number) => {
    above[lower]?.push(upper);
    below[upper]?.push(lower);
  };
  for (const [box, length] of chains) {
    const first = firstBend.get(box) ?? 0;
    for (let bend = 0; bend < length; bend++) join(bend === 0 ? box : first + bend - 1, first + bend);
  }
  const routes = edges.map(({ from, to, pull = 1 }) => {
    const route = routeOf(from, to, at(boxLayers, to) - at(boxLayers, from) - 1, chains, firstBend);
    const last = route[route.length - 2] ?? from;
    const isNear = layerOf[last] === at(boxLayers, to) - 1;
    for (let times = isNear ? pull : 0; times > 0; times--) join(last, to);
    return route;
  });
  return { boxes, layerOf: Int32Array.from(layerOf), layers: fill(layerOf), above, below, routes };
}

function chainLengths(boxes: number, edges: readonly LayoutEdge[], layers: Int32Array): Map<number, number> {
  const lengths = new Int32Array(boxes);
  for (const { from, to } of edges) lengths[from] = Math.max(at(lengths, from), at(layers, to) - at(layers, from) - 1);
  const chains = [...lengths.entries()].filter(([, length]) => length > 0);
  let total = 0;
  const kept = chains
    .sort((left, right) => left[1] - right[1] || left[0] - right[0])
    .filter(([, length]) => {
      total += length;
      return total <= mostBends;
    });
  return new Map(kept.sort((left, right) => left[0] - right[0]));
}

function routeOf(
  from: number,
  to: number,
  bends: number,
  chains: ReadonlyMap<number, number>,
  firstBend: ReadonlyMap<number, number>,
): Route {
  const first = firstBend.get(from);
  if (first === undefined || bends === 0 || !chains.has(from)) return [from, to];
  return [from, ...Array.from({ length: bends }, (_, bend) => first + bend), to];
}

function fill(layerOf: readonly number[]): number[][] {
  const layers: number[][] = [];
  for (const [node, layer] of layerOf.entries()) {
    for (let missing = layers.length; missing <= layer; missing++) layers.push([]);
    layers[layer]?.push(node);
  }
  return layers;
}
