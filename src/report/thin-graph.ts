/** What of a vertex matters for a graph of the important ones. */
export interface Thinnable {
  readonly inputs: readonly number[];
  readonly time: number;
  readonly state: string;
}

/** An input of a vertex that is drawn; others may lie between them. */
export interface DrawnInput {
  readonly place: number;
  /** The place among the vertex's own inputs that leads there. */
  readonly by: number;
  readonly indirect: boolean;
}

/** Ways through vertices that are left out which are followed from one vertex. */
const mostWays = 3;

/** The places of at most `most` vertices: those of `wanted` first, then what failed, then what took longest. */
export function mostImportant(vertices: readonly Thinnable[], wanted: readonly number[], most: number): Set<number> {
  const rank = (place: number) =>
    vertices[place]?.state === "failed" ? Number.MAX_VALUE : (vertices[place]?.time ?? 0);
  const others = [...vertices.keys()].sort((a, b) => rank(b) - rank(a));
  return new Set([...new Set([...wanted, ...others])].slice(0, most));
}

/** For each vertex of `kept`, its nearest inputs that are kept too; `order` has inputs before their users. */
export function nearestInputs(
  vertices: readonly Thinnable[],
  order: readonly number[],
  kept: ReadonlySet<number>,
): ReadonlyMap<number, readonly DrawnInput[]> {
  const ways = new Map<number, readonly DrawnInput[]>();
  for (const place of order) {
    const found = new Map<number, DrawnInput>();
    for (const [by, input] of (vertices[place]?.inputs ?? []).entries()) {
      if (kept.has(input)) found.set(input, { place: input, by, indirect: false });
      else
        for (const way of ways.get(input) ?? []) {
          if (!found.has(way.place)) found.set(way.place, { place: way.place, by, indirect: true });
        }
    }
    const all = [...found.values()];
    ways.set(place, kept.has(place) ? all : all.slice(0, mostWays));
  }
  return ways;
}
