import type { Interval } from "./interval.ts";
import { mergeIntervals, totalTime } from "./interval.ts";
import { LogTail } from "./log-tail.ts";

/** What a vertex reports of its work: a transfer, a layer, a phase. Times are milliseconds of this machine's clock. */
export interface TracedStatus {
  readonly id: string;
  readonly current: number;
  readonly total: number;
  readonly timestamp: number;
  readonly started: number | undefined;
  readonly completed: number | undefined;
}

export type VertexState = "waiting" | "running" | "done" | "cached" | "canceled" | "error";

/** Intervals beyond these are only added up, and other things forgotten, so that no daemon can fill the memory. */
const mostIntervals = 64;
const keptIntervals = 16;
const mostStatuses = 256;
const mostWarnings = 256;

/** A vertex as progress shows it: one of the daemon, one of this client, or a progress group. */
export class TracedVertex {
  readonly digest: string;
  name: string;
  cached = false;
  error = "";
  /** True for a group that has nothing to show yet. */
  hidden = false;
  /** Its place among those that have started, from 1; 0 until then. */
  order = 0;
  readonly statuses = new Map<string, TracedStatus>();
  warnings = 0;
  #log: LogTail | undefined;
  #intervals: Interval[] = [];
  #merged: readonly Interval[] | undefined;
  /** Of intervals that are no longer kept: the first start, and how long they lasted together. */
  #earlierStart: number | undefined;
  #earlierTime = 0;

  constructor(digest: string, name: string) {
    this.digest = digest;
    this.name = name;
  }

  /** When it ran, merged and in order. */
  get intervals(): readonly Interval[] {
    this.#merged ??= mergeIntervals(this.#intervals);
    return this.#merged;
  }

  get started(): number | undefined {
    return this.#earlierStart ?? this.intervals[0]?.start;
  }

  /** When its last interval began, from which its log lines count. */
  get lastStarted(): number | undefined {
    return this.intervals.at(-1)?.start;
  }

  /** When it ended; undefined while it runs or waits. */
  get completed(): number | undefined {
    return this.intervals.at(-1)?.stop;
  }

  get state(): VertexState {
    if (this.intervals.length === 0) return "waiting";
    if (this.completed === undefined) return "running";
    if (this.error !== "") return isCanceled(this.error) ? "canceled" : "error";
    return this.cached ? "cached" : "done";
  }

  get log(): LogTail | undefined {
    return this.#log;
  }

  duration(now: number): number {
    return this.#earlierTime + totalTime(this.intervals, now);
  }

  setInterval(start: number, stop: number | undefined): void {
    const known = this.#intervals.findIndex((interval) => interval.start === start);
    if (known >= 0) this.#intervals[known] = { start, stop };
    else this.#intervals.push({ start, stop });
    this.#merged = undefined;
    if (this.#intervals.length > mostIntervals) this.#forgetIntervals(start);
  }

  #forgetIntervals(now: number): void {
    const merged = this.intervals;
    const forgotten = merged.slice(0, -keptIntervals);
    this.#earlierStart ??= forgotten[0]?.start;
    this.#earlierTime += totalTime(forgotten, now);
    this.#intervals = merged.slice(-keptIntervals);
    this.#merged = undefined;
  }

  setStatus(status: TracedStatus): void {
    this.statuses.set(status.id, status);
    if (this.statuses.size > mostStatuses) this.statuses.delete(this.#leastWanted());
  }

  /** The oldest status that has completed, else the oldest. */
  #leastWanted(): string {
    for (const { id, completed } of this.statuses.values()) if (completed !== undefined) return id;
    for (const id of this.statuses.keys()) return id;
    return "";
  }

  appendLog(bytes: Uint8Array, time: number): void {
    this.#log ??= new LogTail();
    this.#log.append(bytes, time);
  }

  /** The log of a step that went well is not asked for again. */
  forgetLog(): void {
    this.#log = undefined;
  }

  /** False when there are so many that one more is not worth keeping. */
  countWarning(): boolean {
    this.warnings++;
    return this.warnings <= mostWarnings;
  }
}

/** True for the error of a vertex that was stopped because something else ended the build. */
export function isCanceled(error: string): boolean {
  return error.endsWith("context canceled");
}
