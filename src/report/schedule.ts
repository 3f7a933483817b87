/** When a vertex ran, in milliseconds; without intervals it never did. */
export interface Scheduled {
  /** Places of its inputs in the list of all. */
  readonly inputs: readonly number[];
  readonly intervals: readonly (readonly [start: number, end: number])[];
}

/** Time in which a vertex had all that it needs and did not run. */
export interface Wait {
  readonly from: number;
  readonly to: number;
  /** The input that was done last, if it has any. */
  readonly input?: number;
  /** How many others ran meanwhile. */
  readonly running: number;
}

/** Shorter waits are the daemon's own work. */
const shortestWait = 50;

/** How long each vertex waited between its last input's end and its own work; undefined for those that did not. */
export function findWaits(vertices: readonly Scheduled[]): readonly (Wait | undefined)[] {
  const ends = vertices.map(endOf);
  return vertices.map(({ inputs, intervals }, place) => {
    const last = intervals.at(-1);
    if (last === undefined || inputs.length === 0) return undefined;
    const [to] = last;
    const input = latest(inputs, ends);
    const ready = input === undefined ? undefined : ends[input];
    if (input === undefined || ready === undefined) return undefined;
    const from = Math.max(ready, intervals.at(-2)?.[1] ?? ready);
    if (to - from < shortestWait) return undefined;
    return { from, to, input, running: countRunning(vertices, from, to, place) };
  });
}

/**
 * The vertices whose times add up to the build's, first to last: from `last`, by default the one that ended last, always
 * the input that ended last, and where there are no inputs the vertex that ended last before.
 */
export function findCriticalPath(vertices: readonly Scheduled[], last?: number): readonly number[] {
  const ends = vertices.map(endOf);
  const path: number[] = [];
  const seen = new Set<number>();
  let at = last ?? latest([...vertices.keys()], ends);
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    path.push(at);
    const { inputs = [], intervals = [] } = vertices[at] ?? {};
    const start = intervals[0]?.[0] ?? 0;
    at = latest(inputs, ends) ?? latestBefore(start, ends, seen);
  }
  return path.reverse();
}

function endOf({ intervals }: Scheduled): number | undefined {
  return intervals.at(-1)?.[1];
}

function latest(places: readonly number[], ends: readonly (number | undefined)[]): number | undefined {
  let found: number | undefined;
  for (const place of places) {
    const end = ends[place];
    if (end !== undefined && end > (ends[found ?? -1] ?? Number.NEGATIVE_INFINITY)) found = place;
  }
  return found;
}

function latestBefore(
  time: number,
  ends: readonly (number | undefined)[],
  seen: ReadonlySet<number>,
): number | undefined {
  const before = [...ends.keys()].filter((place) => (ends[place] ?? Number.POSITIVE_INFINITY) <= time + 1);
  return latest(
    before.filter((place) => !seen.has(place)),
    ends,
  );
}

/** Vertices that did something worth counting between two times. */
function countRunning(vertices: readonly Scheduled[], from: number, to: number, but: number): number {
  let count = 0;
  for (const [place, { intervals }] of vertices.entries()) {
    if (place === but || (intervals[0]?.[0] ?? to) >= to || (intervals.at(-1)?.[1] ?? from) <= from) continue;
    if (intervals.some(([start, end]) => start < to && end > from && end - start > 1)) count++;
  }
  return count;
}
