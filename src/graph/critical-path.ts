import type { Graph } from "./graph.ts";

/** The chain of vertices that took longest, from the first that took time to the last: no build of these steps can be faster. */
export interface CriticalPath {
  readonly numbers: readonly number[];
  /** Milliseconds. */
  readonly duration: number;
}

/** Of all chains to a result the one whose durations (milliseconds, by number) add up to the most; empty when nothing took time. */
export function criticalPath(graph: Graph, durations: ReadonlyMap<number, number>): CriticalPath {
  const longest = new Map<number, { readonly total: number; readonly before: number | undefined }>();
  let last: number | undefined;
  let duration = 0;
  for (const { number, inputs } of graph.vertices) {
    let before: number | undefined;
    let most = 0;
    for (const input of inputs) {
      const { total = 0 } = longest.get(input.number) ?? {};
      if (total > most) [most, before] = [total, input.number];
    }
    const total = most + (durations.get(number) ?? 0);
    longest.set(number, { total, before });
    if (total > duration) [duration, last] = [total, number];
  }
  const numbers: number[] = [];
  for (let number = last; number !== undefined; number = longest.get(number)?.before) {
    numbers.push(number);
  }
  return { numbers: numbers.reverse(), duration };
}
