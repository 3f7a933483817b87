import { formatLogTime } from "./format.ts";
import { oneLine } from "./harmless.ts";
import { type LogLine, lastLines } from "./log-lines.ts";
import type { Style } from "./style.ts";
import type { Trace } from "./trace.ts";
import type { TracedVertex } from "./traced-vertex.ts";

/** The end of the log of a step that failed. */
export interface FailureLog {
  readonly name: string;
  readonly error: string;
  /** The last lines; `time` is in milliseconds since the step began. */
  readonly lines: readonly LogLine[];
}

const rule = "------";
/** Failed steps whose logs are shown; more of them mostly say the same. */
const mostSteps = 3;
const logWindow = 256 * 1024;

export function failureLog(vertex: TracedVertex, most: number): FailureLog {
  const start = vertex.lastStarted ?? 0;
  const lines = vertex.log === undefined ? [] : lastLines(vertex.log, most, logWindow);
  return {
    name: oneLine(vertex.name),
    error: oneLine(vertex.error),
    lines: lines.map(({ time, text }) => ({ time: Math.max(0, time - start), text })),
  };
}

/** The failed steps with the last lines of their logs, framed as BuildKit frames them. */
export function formatFailures(trace: Trace, most: number, style: Style): string[] {
  const failed = trace.started.filter(({ state }) => state === "error").slice(0, mostSteps);
  if (failed.length === 0) return [];
  const line = style.paint("faint", rule);
  const steps = failed.map((vertex) => formatFailure(failureLog(vertex, most), style));
  return steps.flatMap((lines) => [line, ...lines, line]);
}

function formatFailure({ name, lines }: FailureLog, style: Style): string[] {
  const log = lines.map(({ time, text }) => `${style.paint("faint", formatLogTime(time))} ${text}`);
  return [` > ${style.paint("error", name)}:`, ...log];
}
