import { LineBuffer, type TimedLines } from "../progress/line-buffer.ts";
import type { KeptLog, Run } from "./kept-log.ts";

/** A log as the page has it. */
export interface LogText {
  /** Lines with nothing in them that drives a terminal, but colours (SGR). */
  readonly text: string;
  /** Pairs of a line's number, from 0, and the milliseconds since `start` at which it and those after it came. */
  readonly times: readonly number[];
  /** What is missing: after how many lines, and how many bytes. */
  readonly gap?: { readonly line: number; readonly bytes: number };
}

/** The lines of a log, each after `clean`; times count from `start`. */
export function formatLog(log: KeptLog, start: number, clean: (text: string) => string): LogText {
  const [head, tail] = log.runs();
  const lines = head === undefined ? [] : linesOf(head, false);
  const gap = { line: lines.length, bytes: log.dropped };
  if (tail !== undefined) lines.push(...linesOf(tail, true));
  const text = clean(lines.map((line) => line.text).join("\n"));
  const times: number[] = [];
  for (const [number, { time }] of lines.entries()) {
    const milliseconds = Math.max(0, Math.round(time - start));
    if (times.at(-1) !== milliseconds) times.push(number, milliseconds);
  }
  return tail === undefined ? { text, times } : { text, times, gap };
}

interface Line {
  readonly time: number;
  readonly text: string;
}

function linesOf({ bytes, marks }: Run, afterGap: boolean): Line[] {
  const buffer = new LineBuffer("keep");
  // What is left of the line that the gap cuts is not shown.
  const from = afterGap ? bytes.indexOf(10) + 1 : 0;
  const blocks: TimedLines[] = [];
  for (const [place, { offset, time }] of marks.entries()) {
    const end = marks[place + 1]?.offset ?? bytes.length;
    if (end > from) blocks.push(...buffer.push(bytes.subarray(Math.max(from, offset), end), time));
  }
  blocks.push(...buffer.finish());
  return blocks.flatMap(({ time, text }) => text.split("\n").map((line) => ({ time, text: line })));
}
