import { settleLine } from "./log-line.ts";
import type { LogTail } from "./log-tail.ts";

/** A line of a step's log: when it began to come, in milliseconds, and what a terminal would show of it. */
export interface LogLine {
  readonly time: number;
  readonly text: string;
}

const newline = 10;

/** The last lines of a log that are not blank at the end, `most` at most; looks at the newest `window` bytes only. */
export function lastLines(log: LogTail, most: number, window: number): LogLine[] {
  const bytes = log.newest(window);
  const base = log.total - bytes.length;
  const decoder = new TextDecoder();
  const lines: LogLine[] = [];
  let end = bytes.length;
  while (end > 0 && lines.length < most) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1;
    const text = settleLine(decoder.decode(bytes.subarray(start, end))).trimEnd();
    if (text !== "" || lines.length > 0) lines.push({ time: log.timeAt(base + start), text });
    end = start - 1;
  }
  return lines.reverse();
}
