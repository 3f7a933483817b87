import type { Vertex } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import type { TracedRun } from "../graph/match-runs.ts";
import { type Interval, mergeIntervals, totalTime } from "../progress/interval.ts";
import { readTrace } from "../progress/read-trace.ts";

interface Gathered {
  vertex: Vertex;
  readonly intervals: Map<number, number | undefined>;
}

/** What a file of `--trace` tells of each vertex of the daemon. Throws "file.read" and "trace.invalid". */
export function readRuns(file: string, name: string): TracedRun[] {
  const gathered = new Map<string, Gathered>();
  for (const { vertexes } of readTrace(file, name)) for (const vertex of vertexes) gather(vertex, gathered);
  return [...gathered.values()].flatMap(runOf);
}

/** A vertex is told again with each change, and with another start when it runs again. */
function gather(vertex: Vertex, gathered: Map<string, Gathered>): void {
  const known = gathered.get(vertex.digest) ?? { vertex, intervals: new Map<number, number | undefined>() };
  gathered.set(vertex.digest, known);
  const { vertex: before } = known;
  known.vertex = {
    ...vertex,
    // Once more is told of a merge that is made for its user, and then without its inputs.
    inputs: vertex.inputs.length > 0 ? vertex.inputs : before.inputs,
    cached: vertex.cached || before.cached,
    error: vertex.error || before.error,
  };
  if (vertex.started === undefined) return;
  known.intervals.set(timeOf(vertex.started), vertex.completed === undefined ? undefined : timeOf(vertex.completed));
}

function runOf({ vertex, intervals }: Gathered): TracedRun[] {
  const list: Interval[] = [...intervals].map(([start, stop]) => ({ start, stop }));
  const merged = mergeIntervals(list);
  const [first] = merged;
  if (first === undefined) return [];
  const { digest, inputs, name, cached, error } = vertex;
  const completed = merged.at(-1)?.stop;
  // What never ended took no time that is known.
  const duration = totalTime(
    merged.filter(({ stop }) => stop !== undefined),
    first.start,
  );
  return [{ digest, inputs, name, cached, error, started: first.start, completed, duration }];
}

function timeOf({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}
