import type { StatusResponse } from "../gen/control.ts";
import type { Display, OpenDisplay, Schedule } from "./display.ts";
import type { Result } from "./frame.ts";
import { oneLine } from "./harmless.ts";
import type { ProgressOutput } from "./output.ts";
import { PlainVertex } from "./plain-vertex.ts";
import { foldedSections, numberedSections, type Sections } from "./sections.ts";
import type { Clock, Trace } from "./trace.ts";
import type { TracedVertex } from "./traced-vertex.ts";

/** Milliseconds for which messages are gathered before they are printed. */
const pace = 100;
/** Milliseconds for which one running vertex may keep the others waiting. */
const turn = 5000;
/** Bytes of log that may wait: for the vertex's turn, and for the next time to print. */
const mostWaiting = 64 * 1024;
const shortName = 72;

export interface PlainOptions {
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly colors: "keep" | "strip";
  readonly sections: Sections;
  readonly shortNames: boolean;
}

export const openPlain: OpenDisplay = (trace, output, { variables, now, schedule }) =>
  new PlainDisplay(trace, output, {
    now,
    schedule,
    colors: variables.NO_COLOR ? "strip" : "keep",
    sections: variables.GITHUB_ACTIONS === "true" ? foldedSections : numberedSections,
    shortNames: variables.PROGRESS_NO_TRUNC === "0",
  });

/** Lines that stay: each vertex has a number, and they tell in turns what they do. */
export class PlainDisplay implements Display {
  readonly #trace: Trace;
  readonly #output: ProgressOutput;
  readonly #options: PlainOptions;
  readonly #vertices = new Map<TracedVertex, PlainVertex>();
  readonly #waiting = new Set<PlainVertex>();
  /** The vertex whose turn it is, and since when. */
  #current: PlainVertex | undefined;
  #since = 0;
  #numbers = 0;
  /** Bytes of log since the last time to print. */
  #fresh = 0;
  #stop: (() => void) | undefined;
  #lines: string[] = [];
  #isFirst = true;
  /** Nothing but notices came since the last one. */
  #hasNoticed = false;

  constructor(trace: Trace, output: ProgressOutput, options: PlainOptions) {
    this.#trace = trace;
    this.#output = output;
    this.#options = options;
  }

  update(status: StatusResponse, clock: Clock): void {
    const now = this.#options.now();
    for (const { digest } of status.vertexes) this.#plain(digest)?.addState(now);
    for (const { vertex, ID } of status.statuses) this.#plain(vertex)?.addStatus(ID, now);
    for (const { vertex, short } of status.warnings) this.#plain(vertex)?.addWarning(short, now);
    for (const log of status.logs) {
      this.#fresh += log.msg.length;
      this.#plain(log.vertex)?.addLog(log, this.#trace.time(log.timestamp, clock) ?? now, now);
    }
    if (this.#fresh >= mostWaiting) this.#print();
    this.#stop ??= this.#options.schedule(() => this.#tick(), pace);
  }

  settle(): void {
    if (this.#waiting.size > 0) this.#print();
  }

  notice(text: string): void {
    this.#print();
    this.#leave();
    const lines = text.split("\n").map((line) => this.#options.sections.text(`#0 ${line}`));
    this.#emit(this.#hasNoticed ? lines : ["", ...lines]);
    this.#hasNoticed = true;
    this.#write();
  }

  end(result: Result): void {
    this.#stop?.();
    this.#print();
    const running = this.#trace.started.filter((vertex) => vertex.state === "running");
    for (const vertex of running) {
      const plain = this.#vertices.get(vertex);
      if (plain !== undefined) this.#printVertex(plain, result === "done" ? "DONE" : "CANCELED");
    }
    // A busy daemon tells the end of a step before the end of its log. Of that, an unfinished line waits for no more.
    for (const plain of this.#takeReady(Number.POSITIVE_INFINITY)) this.#printVertex(plain);
    this.#leave();
    this.#write();
  }

  print(lines: readonly string[]): void {
    this.#emit(lines.map((line) => this.#options.sections.text(line)));
    this.#write();
  }

  #plain(digest: string): PlainVertex | undefined {
    const vertex = this.#trace.get(digest);
    if (vertex === undefined) return undefined;
    let plain = this.#vertices.get(vertex);
    if (plain === undefined) {
      plain = new PlainVertex(vertex, this.#options.colors);
      this.#vertices.set(vertex, plain);
    }
    this.#waiting.add(plain);
    return plain;
  }

  #tick(): void {
    this.#stop = undefined;
    this.#print();
    if (this.#waiting.size > 0) this.#stop = this.#options.schedule(() => this.#tick(), pace);
  }

  /** Prints the current vertex, then those that have ended, then perhaps another one that runs. */
  #print(): void {
    this.#fresh = 0;
    const now = this.#options.now();
    const ready = this.#takeReady(now);
    const current = ready.find((plain) => plain === this.#current);
    if (current !== undefined) this.#printVertex(current);
    const others = ready.filter((plain) => plain !== current);
    for (const plain of others.filter(hasEnded).sort(byEnd)) this.#printVertex(plain);
    const running = others.filter((plain) => !hasEnded(plain)).sort(byWait);
    for (const plain of running.filter(({ bytes }) => bytes >= mostWaiting)) this.#printVertex(plain);
    const next = running.find(({ waiting }) => waiting !== undefined);
    if (next !== undefined && (this.#current === undefined || now - this.#since >= turn)) this.#printVertex(next);
    this.#write();
  }

  /** Those that have something to print now; those that have nothing left are not looked at again until they do. */
  #takeReady(now: number): PlainVertex[] {
    const ready: PlainVertex[] = [];
    for (const plain of this.#waiting) {
      plain.addOverdue(now);
      if (plain.isIdle()) this.#waiting.delete(plain);
      else if (plain.waiting !== undefined && (!plain.vertex.hidden || plain.bytes >= mostWaiting)) ready.push(plain);
    }
    return ready;
  }

  #printVertex(plain: PlainVertex, result = this.#resultOf(plain.vertex)): void {
    if (plain.number === 0) plain.number = ++this.#numbers;
    const lines = plain.take(result === undefined ? "whole lines" : "all");
    if (plain.isIdle()) this.#waiting.delete(plain);
    const { sections } = this.#options;
    if (plain !== this.#current) this.#leave();
    if (plain !== this.#current && lines.length === 0 && result !== undefined) {
      this.#emit(sections.single(plain.number, this.#name(plain.vertex), result));
      return;
    }
    this.#open(plain);
    this.#emit(lines.map((line) => sections.text(line)));
    if (result === undefined) return;
    this.#emit(sections.close(plain.number, result));
    this.#current = undefined;
  }

  #open(plain: PlainVertex): void {
    if (plain === this.#current) return;
    this.#emit(this.#options.sections.open(plain.number, this.#name(plain.vertex)));
    this.#current = plain;
    this.#since = this.#options.now();
  }

  #resultOf(vertex: TracedVertex): string | undefined {
    const { state, error } = vertex;
    if (state === "running" || state === "waiting") return undefined;
    if (state === "canceled") return "CANCELED";
    if (state === "error") return `ERROR: ${oneLine(error)}`;
    return state === "cached" ? "CACHED" : `DONE ${(vertex.duration(this.#options.now()) / 1000).toFixed(1)}s`;
  }

  #leave(): void {
    if (this.#current !== undefined) this.#emit(this.#options.sections.leave(this.#current.number));
    this.#current = undefined;
  }

  #name({ name }: TracedVertex): string {
    const line = this.#options.sections.text(oneLine(name));
    return this.#options.shortNames && line.length > shortName ? `${line.slice(0, shortName)}...` : line;
  }

  /** The very first line is never an empty one. */
  #emit(lines: readonly string[]): void {
    if (lines.length > 0) this.#hasNoticed = false;
    for (const line of lines) {
      if (!this.#isFirst || line !== "") this.#lines.push(line);
      this.#isFirst = false;
    }
  }

  #write(): void {
    if (this.#lines.length === 0) return;
    this.#output.write(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
  }
}

function hasEnded({ vertex }: PlainVertex): boolean {
  return vertex.completed !== undefined;
}

function byEnd(a: PlainVertex, b: PlainVertex): number {
  return (a.vertex.completed ?? 0) - (b.vertex.completed ?? 0);
}

function byWait(a: PlainVertex, b: PlainVertex): number {
  return (a.waiting ?? 0) - (b.waiting ?? 0);
}
