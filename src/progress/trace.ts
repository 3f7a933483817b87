import type { StatusResponse, Vertex, VertexWarning } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import { ProgressGroup } from "./progress-group.ts";
import { TracedVertex } from "./traced-vertex.ts";

/** Whose clock the times of a status message are of. */
export type Clock = "daemon" | "client";

/** How many vertices there are to show, how many have ended, and how many of those came from the cache. */
export interface Count {
  readonly total: number;
  readonly completed: number;
  readonly cached: number;
}

/** Everything that the status stream has told so far. */
export class Trace {
  /** Those that have started and are shown, in the order in which they started. */
  readonly started: TracedVertex[] = [];
  readonly warnings: VertexWarning[] = [];
  /** When progress began, in milliseconds since the epoch. */
  readonly opened: number;
  readonly #now: () => number;
  readonly #vertices = new Map<string, TracedVertex>();
  readonly #groups = new Map<string, ProgressGroup>();
  /** What to add to the daemon's times to have this machine's; known from the first vertex that starts. */
  #offset: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
    this.opened = now();
  }

  /** The vertex of a digest; a member of a progress group is its group. */
  get(digest: string): TracedVertex | undefined {
    return this.#vertices.get(digest);
  }

  apply(status: StatusResponse, clock: Clock): void {
    for (const vertex of status.vertexes) this.#applyVertex(vertex, clock);
    for (const { ID, vertex, current, total, timestamp, started, completed } of status.statuses) {
      this.get(vertex)?.setStatus({
        id: ID,
        current,
        total,
        timestamp: this.time(timestamp, clock) ?? 0,
        started: this.time(started, clock),
        completed: this.time(completed, clock),
      });
    }
    for (const log of status.logs) this.get(log.vertex)?.appendLog(log.msg, this.time(log.timestamp, clock) ?? 0);
    for (const warning of status.warnings) {
      if (this.get(warning.vertex)?.countWarning() === true) this.warnings.push(warning);
    }
  }

  /** Milliseconds since the epoch by this machine's clock. */
  time(timestamp: Timestamp | undefined, clock: Clock): number | undefined {
    if (timestamp === undefined) return undefined;
    const time = timestamp.seconds * 1000 + timestamp.nanos / 1e6;
    return clock === "client" ? time : time + (this.#offset ?? 0);
  }

  count(): Count {
    let total = 0;
    let completed = 0;
    let cached = 0;
    for (const [digest, vertex] of this.#vertices) {
      // A group is there under its members' digests too.
      if (vertex.digest !== digest || vertex.hidden) continue;
      total++;
      if (vertex.completed === undefined) continue;
      completed++;
      if (vertex.cached) cached++;
    }
    return { total, completed, cached };
  }

  #applyVertex(vertex: Vertex, clock: Clock): void {
    if (vertex.started !== undefined && clock === "daemon" && this.#offset === undefined) {
      this.#offset = this.#now() - (this.time(vertex.started, "client") ?? 0);
    }
    const start = this.time(vertex.started, clock);
    const stop = this.time(vertex.completed, clock);
    if (vertex.progressGroup !== undefined) {
      const group = this.#group(vertex.progressGroup.id, vertex.progressGroup.name);
      this.#vertices.set(vertex.digest, group.vertex);
      group.applyMember(vertex, start, stop);
      this.#settle(group.vertex);
      return;
    }
    const known = this.#vertices.get(vertex.digest);
    const traced = known ?? new TracedVertex(vertex.digest, vertex.name);
    if (known === undefined) this.#vertices.set(vertex.digest, traced);
    // A vertex that has started may be announced once more without it, which says nothing new.
    if (start === undefined && traced.started !== undefined) return;
    traced.name = vertex.name;
    traced.cached = vertex.cached;
    traced.error = vertex.error;
    if (start !== undefined) traced.setInterval(start, stop);
    this.#settle(traced);
  }

  #group(id: string, name: string): ProgressGroup {
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const group = new ProgressGroup(`group ${id}`, name);
    this.#groups.set(id, group);
    this.#vertices.set(group.vertex.digest, group.vertex);
    return group;
  }

  /** After each change of a vertex: its place in the order, and its log that nobody will ask for. */
  #settle(vertex: TracedVertex): void {
    if (vertex.order === 0 && !vertex.hidden && vertex.started !== undefined) {
      this.started.push(vertex);
      vertex.order = this.started.length;
    }
    if (vertex.completed !== undefined && vertex.error === "") vertex.forgetLog();
  }
}
