import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatusResponse } from "../../src/gen/control.ts";
import type { Timestamp } from "../../src/gen/timestamp.ts";
import type { Schedule } from "../../src/progress/display.ts";
import type { ProgressMode } from "../../src/progress/mode.ts";
import type { ProgressOutput } from "../../src/progress/output.ts";
import type { Outcome, Progress } from "../../src/progress/progress.ts";
import { openProgress } from "./open-progress.ts";

/** A clock that goes on only when it is told to, and runs what was scheduled meanwhile. */
export class TestClock {
  time = Date.UTC(2030, 0, 1);
  #timers: { at: number; run: () => void }[] = [];

  readonly now = () => this.time;

  readonly schedule: Schedule = (run, milliseconds) => {
    const timer = { at: this.time + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }

  get idle(): boolean {
    return this.#timers.length === 0;
  }
}

/** The messages of a recording, with their own times. */
export function readRecording(name: string): StatusResponse[] {
  const text = readFileSync(join(import.meta.dir, "recordings", `${name}.jsonl`), "utf8");
  return text.trim().split("\n").map(parseStatus);
}

/** The names of all recordings. */
export function recordingNames(): string[] {
  return [...new Bun.Glob("*.jsonl").scanSync(join(import.meta.dir, "recordings"))]
    .map((file) => file.slice(0, -6))
    .sort();
}

/** A line of buildctl's rawjson as the message that it was. */
export function parseStatus(line: string): StatusResponse {
  const raw = JSON.parse(line);
  return {
    vertexes: (raw.vertexes ?? []).map((vertex: Record<string, unknown>) => ({
      inputs: [],
      name: "",
      cached: false,
      error: "",
      ...vertex,
      started: parseTime(vertex.started),
      completed: parseTime(vertex.completed),
      progressGroup:
        typeof vertex.progressGroup === "object"
          ? { id: "", name: "", weak: false, ...vertex.progressGroup }
          : undefined,
    })),
    statuses: (raw.statuses ?? []).map((status: Record<string, unknown>) => ({
      name: "",
      total: 0,
      ...status,
      ID: status.id,
      timestamp: parseTime(status.timestamp),
      started: parseTime(status.started),
      completed: parseTime(status.completed),
    })),
    logs: (raw.logs ?? []).map((log: Record<string, unknown>) => ({
      stream: 0,
      ...log,
      msg: parseBytes(log.data),
      timestamp: parseTime(log.timestamp),
    })),
    warnings: (raw.warnings ?? []).map(({ short, detail, sourceInfo, range, ...rest }: Record<string, unknown>) => ({
      vertex: "",
      level: 0,
      url: "",
      ...rest,
      short: parseBytes(short),
      detail: Array.isArray(detail) ? detail.map(parseBytes) : [],
      info: parseInfo(sourceInfo),
      ranges: Array.isArray(range) ? range.map(parseRange) : [],
    })),
  };
}

function parseInfo(info: unknown): unknown {
  if (typeof info !== "object" || info === null) return undefined;
  const data = parseBytes("data" in info ? info.data : "");
  const definition = parseDefinition("definition" in info ? info.definition : undefined);
  return { filename: "", language: "", ...info, data, definition };
}

function parseDefinition(definition: unknown): unknown {
  if (typeof definition !== "object" || definition === null) return undefined;
  const raw: { def?: string[]; metadata?: Record<string, object>; Source?: { locations?: object } } = definition;
  const metadata = Object.entries(raw.metadata ?? {}).map(([digest, fields]) => {
    return [digest, { ignore_cache: false, description: {}, caps: {}, ...fields }];
  });
  const locations = Object.entries(raw.Source?.locations ?? {}).map(([digest, fields]) => {
    return [digest, { locations: [], ...fields }];
  });
  return {
    def: (raw.def ?? []).map(parseBytes),
    metadata: Object.fromEntries(metadata),
    Source: raw.Source && { infos: [], ...raw.Source, locations: Object.fromEntries(locations) },
  };
}

function parseRange(range: Record<string, object>): unknown {
  const zero = { line: 0, character: 0 };
  return { start: range.start && { ...zero, ...range.start }, end: range.end && { ...zero, ...range.end } };
}

function parseBytes(text: unknown): Uint8Array {
  return typeof text === "string" ? Uint8Array.fromBase64(text) : new Uint8Array();
}

function parseTime(text: unknown): Timestamp | undefined {
  if (typeof text !== "string") return undefined;
  const [, fraction = ""] = /\.(\d+)Z$/.exec(text) ?? [];
  return { seconds: Math.floor(Date.parse(text) / 1000), nanos: Number(fraction.padEnd(9, "0")) };
}

/** Milliseconds of the newest time in a message. */
export function timeOf(status: StatusResponse): number | undefined {
  const times = [
    ...status.vertexes.flatMap(({ started, completed }) => [started, completed]),
    ...status.statuses.map(({ timestamp }) => timestamp),
    ...status.logs.map(({ timestamp }) => timestamp),
  ].flatMap((time) => (time === undefined ? [] : [time.seconds * 1000 + time.nanos / 1e6]));
  return times.length === 0 ? undefined : Math.max(...times);
}

export interface Replay {
  readonly mode: ProgressMode;
  readonly output: ProgressOutput;
  readonly variables?: Readonly<Record<string, string>>;
  /** Stop after this many milliseconds of the recording. */
  readonly until?: number;
}

/** Shows a recording at the pace at which it was made; the progress is still open afterwards. */
export function replay(
  messages: readonly StatusResponse[],
  { mode, output, variables = {}, until }: Replay,
): { progress: Progress; clock: TestClock } {
  const clock = new TestClock();
  const progress = openProgress(mode, output, { variables, now: clock.now, schedule: clock.schedule });
  const opened = clock.time;
  let first: number | undefined;
  for (const message of messages) {
    const time = timeOf(message);
    first ??= time;
    const at = time === undefined || first === undefined ? 0 : time - first;
    if (until !== undefined && at > until) break;
    if (opened + at > clock.time) clock.advance(opened + at - clock.time);
    progress.update(message);
  }
  if (until !== undefined) clock.advance(opened + until - clock.time);
  return { progress, clock };
}

export function outcome(result: Outcome["result"] = "done"): Outcome {
  return { result };
}
