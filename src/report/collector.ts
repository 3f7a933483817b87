import type { StatusResponse, Vertex, VertexStatus, VertexWarning } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import { type Interval, mergeIntervals } from "../progress/interval.ts";
import { LogStore } from "./log-store.ts";

/** Bytes that a vertex moved, or a part of its work. Times are milliseconds since the epoch. */
export interface CollectedStatus {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly total: number;
  readonly started: number | undefined;
  readonly completed: number | undefined;
  /** When it was last told of. */
  readonly told: number;
}

/** Everything that a build told of one vertex. */
export interface CollectedVertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly group: { readonly id: string; readonly name: string } | undefined;
  readonly cached: boolean;
  readonly error: string;
  /** When it ran, merged and in order. */
  readonly intervals: readonly Interval[];
  readonly statuses: readonly CollectedStatus[];
}

interface OpenVertex {
  vertex: Vertex;
  intervals: Interval[];
  readonly statuses: Map<string, CollectedStatus>;
}

/** So that no daemon can fill the memory. */
const mostIntervals = 64;
const mostStatuses = 256;
const mostWarnings = 1000;

/** Keeps what a build tells in as much memory as it needs, however long its logs are. */
export class Collector {
  readonly logs = new LogStore();
  readonly warnings: VertexWarning[] = [];
  readonly #vertices = new Map<string, OpenVertex>();

  take({ vertexes, statuses, logs, warnings }: StatusResponse): void {
    for (const vertex of vertexes) this.#takeVertex(vertex);
    for (const status of statuses) this.#takeStatus(status);
    for (const { vertex, msg, timestamp } of logs) this.logs.append(vertex, msg, toMilliseconds(timestamp) ?? 0);
    for (const warning of warnings) if (this.warnings.length < mostWarnings) this.warnings.push(warning);
  }

  /** In the order in which they were first told of. */
  vertices(): CollectedVertex[] {
    return [...this.#vertices.values()].map(({ vertex, intervals, statuses }) => ({
      digest: vertex.digest,
      name: vertex.name,
      inputs: vertex.inputs,
      group: vertex.progressGroup,
      cached: vertex.cached,
      error: vertex.error,
      intervals: mergeIntervals(intervals),
      statuses: [...statuses.values()],
    }));
  }

  #takeVertex(vertex: Vertex): void {
    const open = this.#vertices.get(vertex.digest) ?? { vertex, intervals: [], statuses: new Map() };
    this.#vertices.set(vertex.digest, open);
    const start = toMilliseconds(vertex.started);
    // A vertex that has started may be announced once more without it, which says nothing new.
    if (start === undefined && open.intervals.length > 0) return;
    open.vertex = vertex.inputs.length === 0 ? { ...vertex, inputs: open.vertex.inputs } : vertex;
    if (start === undefined) return;
    const stop = toMilliseconds(vertex.completed);
    open.intervals = [...open.intervals.filter((interval) => interval.start !== start), { start, stop }];
    if (open.intervals.length > mostIntervals) open.intervals = joinNearest(mergeIntervals(open.intervals));
  }

  #takeStatus({ ID, name, vertex, current, total, timestamp, started, completed }: VertexStatus): void {
    const statuses = this.#vertices.get(vertex)?.statuses;
    if (statuses === undefined || (statuses.size >= mostStatuses && !statuses.has(ID))) return;
    statuses.set(ID, {
      id: ID,
      name,
      bytes: current,
      total,
      started: toMilliseconds(started),
      completed: toMilliseconds(completed),
      told: toMilliseconds(timestamp) ?? 0,
    });
  }
}

/** Half as many intervals: each with the next one. */
function joinNearest(intervals: readonly Interval[]): Interval[] {
  return intervals.flatMap(({ start, stop }, place) => {
    if (place % 2 === 1) return [];
    const next = intervals[place + 1];
    return [{ start, stop: next === undefined ? stop : next.stop }];
  });
}

function toMilliseconds(time: Timestamp | undefined): number | undefined {
  return time === undefined ? undefined : time.seconds * 1000 + time.nanos / 1e6;
}
