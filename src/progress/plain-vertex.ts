import type { VertexLog } from "../gen/control.ts";
import { formatBytes, formatLogTime } from "./format.ts";
import { oneLine } from "./harmless.ts";
import { LineBuffer, type TimedLines } from "./line-buffer.ts";
import type { TracedStatus, TracedVertex } from "./traced-vertex.ts";

/** Part of a transfer, and milliseconds, from which on one more line about it is worth it. */
const leastProgress = 0.05;
const leastDelay = 5000;

/** What plain progress has still to print about one vertex. */
export class PlainVertex {
  readonly vertex: TracedVertex;
  /** `#1` and so on, from when it is first printed. */
  number = 0;
  /** When the oldest thing that waits came; undefined when nothing does. */
  waiting: number | undefined;
  /** Bytes of log that wait. */
  bytes = 0;
  readonly #colors: "keep" | "strip";
  readonly #streams = new Map<number, LineBuffer>();
  readonly #printed = new Map<string, TracedStatus>();
  /** Lines with the milliseconds since the vertex had begun when they came. */
  #lines: TimedLines[] = [];
  #statuses = new Set<string>();
  #warnings: string[] = [];
  #state = "";

  constructor(vertex: TracedVertex, colors: "keep" | "strip") {
    this.vertex = vertex;
    this.#colors = colors;
  }

  /** Takes a message about the vertex itself; one that says nothing new is no reason to print. */
  addState(now: number): void {
    const { name, intervals, lastStarted, completed, cached, error } = this.vertex;
    if (lastStarted === undefined) return;
    const state = `${intervals.length} ${lastStarted} ${completed} ${cached} ${error} ${name}`;
    if (state !== this.#state) this.waiting ??= now;
    this.#state = state;
  }

  addStatus(id: string, now: number): void {
    this.#statuses.add(id);
    this.waiting ??= now;
  }

  addWarning(short: Uint8Array, now: number): void {
    this.#warnings.push(`WARN: ${oneLine(new TextDecoder().decode(short))}`);
    this.waiting ??= now;
  }

  addLog(log: VertexLog, time: number, now: number): void {
    this.bytes += log.msg.length;
    if (this.#addLines(this.#stream(log.stream).push(log.msg, time))) this.waiting ??= now;
  }

  /** Takes up unfinished lines that have waited for long. */
  addOverdue(now: number): void {
    for (const stream of this.#streams.values()) {
      if (this.#addLines(stream.overdue(now))) this.waiting ??= now;
    }
  }

  /** True when nothing waits, not even half a line. */
  isIdle(): boolean {
    return this.waiting === undefined && [...this.#streams.values()].every((stream) => stream.isEmpty());
  }

  /** What waits, each line after its `#N`: statuses, then warnings, then the log. One string may be many lines. */
  take(what: "whole lines" | "all"): string[] {
    if (what === "all") {
      for (const stream of this.#streams.values()) this.#addLines(stream.finish());
      this.#streams.clear();
    }
    const prefix = `#${this.number} `;
    const lines = [...this.#takeStatuses(), ...this.#warnings].map((line) => prefix + line);
    for (const { time, text } of this.#lines) {
      const begin = `${prefix}${formatLogTime(time)} `;
      lines.push(begin + text.replaceAll("\n", `\n${begin}`));
    }
    this.#warnings = [];
    this.#lines = [];
    this.bytes = 0;
    this.waiting = undefined;
    return lines;
  }

  #stream(id: number): LineBuffer {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      stream = new LineBuffer(this.#colors);
      this.#streams.set(id, stream);
    }
    return stream;
  }

  /** True when there are any. */
  #addLines(lines: readonly TimedLines[]): boolean {
    const start = this.vertex.lastStarted;
    for (const { time, text } of lines) {
      this.#lines.push({ time: start === undefined ? 0 : Math.max(0, time - start), text });
    }
    return lines.length > 0;
  }

  #takeStatuses(): string[] {
    const lines: string[] = [];
    for (const status of this.vertex.statuses.values()) {
      if (!this.#statuses.has(status.id) || status.started === undefined) continue;
      if (status.completed === undefined && !this.#isNews(status)) continue;
      this.#printed.set(status.id, status);
      lines.push(formatStatus(status));
    }
    this.#statuses = new Set();
    return lines;
  }

  #isNews(status: TracedStatus): boolean {
    const last = this.#printed.get(status.id);
    if (last === undefined) return true;
    const progress = status.total > 0 ? (status.current - last.current) / status.total : 0;
    return progress >= leastProgress || status.timestamp - last.timestamp >= leastDelay;
  }
}

/** `ID 1.20MB / 3.40MB 0.5s done`. */
function formatStatus({ id, current, total, started, completed, timestamp }: TracedStatus): string {
  const words = [oneLine(id)];
  if (total !== 0) words.push(`${formatBytes(current, 2)} / ${formatBytes(total, 2)}`);
  else if (current !== 0) words.push(formatBytes(current, 2));
  const seconds = ((completed ?? timestamp) - (started ?? 0)) / 1000;
  if (seconds > 0.01) words.push(`${seconds.toFixed(1)}s`);
  if (completed !== undefined) words.push("done");
  return words.join(" ");
}
