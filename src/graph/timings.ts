import { criticalPath } from "./critical-path.ts";
import type { Mark } from "./draw/draw-graph.ts";
import { formatDuration } from "./format-duration.ts";
import type { Graph } from "./graph.ts";
import { type MatchedRuns, matchRuns, type TracedRun } from "./match-runs.ts";

/** What a trace told of a graph. */
export interface Timings {
  readonly matched: MatchedRuns;
  /** When the first vertex of the trace started and the last one ended, in milliseconds. */
  readonly start: number;
  readonly end: number;
  /** Numbers of the vertices of the critical path, and its length in milliseconds. */
  readonly critical: readonly number[];
  readonly criticalDuration: number;
}

/** The runs of a whole graph's vertices, and which of them a build had to wait for. */
export function timingsOf(graph: Graph, traced: readonly TracedRun[]): Timings {
  const matched = matchRuns(graph, traced);
  const took = [...matched.runs].map(([number, { cached, duration }]) => [number, cached ? 0 : duration] as const);
  const { numbers, duration } = criticalPath(graph, new Map(took));
  const start = traced.reduce((least, run) => Math.min(least, run.started), Number.POSITIVE_INFINITY);
  const end = traced.reduce((most, run) => Math.max(most, run.completed ?? run.started), start);
  return { matched, start, end, critical: numbers, criticalDuration: duration };
}

/** The same as marks of a drawing. */
export function marksOf(timings: Timings): ReadonlyMap<number, Mark> {
  const critical = new Set(timings.critical);
  const { runs } = timings.matched;
  const longest = [...runs.values()].reduce((most, { cached, duration }) => Math.max(most, cached ? 0 : duration), 1);
  return new Map([...runs].map(([number, run]) => [number, markOf(run, longest, critical.has(number))]));
}

function markOf({ cached, error, completed, duration }: TracedRun, longest: number, critical: boolean): Mark {
  if (error !== "") return { text: "failed", tone: "bad", critical };
  if (cached) return { text: "cached", tone: "good", critical };
  if (completed === undefined) return { text: "not ended" };
  return { text: formatDuration(duration), share: duration / longest, critical };
}
