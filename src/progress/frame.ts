import { detailRows, slowRows } from "./detail-rows.ts";
import { formatElapsed } from "./format.ts";
import { cut, layRow, type Row } from "./row.ts";
import type { Style, Tone } from "./style.ts";
import type { Trace } from "./trace.ts";
import type { TracedVertex, VertexState } from "./traced-vertex.ts";
import { vertexRow } from "./vertex-row.ts";

/** What frames depend on besides the trace. */
export interface FrameSettings {
  readonly style: Style;
  /** Most lines of each running step's log. */
  readonly logLines: number;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Columns below which no frame is drawn before the end: its lines would be wrapped. */
const narrowest = 10;

/** How a build ended. */
export type Result = "done" | "failed" | "canceled";

const endWords: Readonly<Record<Result, readonly [word: string, tone: Tone]>> = {
  done: ["FINISHED", "done"],
  failed: ["FAILED", "error"],
  canceled: ["CANCELED", "cancel"],
};

/** The lines of a frame while the build goes on: never more than fit above the cursor's line. */
export function liveFrame(trace: Trace, size: Size, now: number, settings: FrameSettings): string[] {
  const width = size.columns - 1;
  if (size.rows < 2 || size.columns < narrowest) return [];
  const rows = size.rows < 3 ? [] : liveRows(trace, size.rows - 2, now, settings);
  return [header(trace, width, now, settings.style), ...rows.map((row) => layRow(row, width, settings.style))];
}

/** The lines that stay: every vertex that has started, however many there are. */
export function finalFrame(trace: Trace, result: Result, columns: number, now: number, style: Style): string[] {
  const width = columns - 1;
  const rows = trace.started.flatMap((vertex) => {
    return [vertexRow(vertex, now, style, finalState(vertex, result)), ...slowRows(vertex, now, style)];
  });
  return [header(trace, width, now, style, result), ...rows.map((row) => layRow(row, width, style))];
}

/** Nothing runs any more, whatever the stream has told last. */
function finalState({ state }: TracedVertex, result: Result): VertexState {
  if (state !== "running") return state;
  return result === "done" ? "done" : "canceled";
}

function header(trace: Trace, width: number, now: number, style: Style, result?: Result): string {
  const [word, tone] = result === undefined ? ["", "plain" as const] : endWords[result];
  const warnings = trace.warnings.length;
  const parts: readonly (readonly [text: string, tone: Tone])[] = [
    [title(trace, width, now), "strong"],
    [word, tone],
    [warnings === 0 ? "" : `${warnings} warning${warnings === 1 ? "" : "s"}`, "warning"],
  ];
  let line = "";
  let room = width;
  for (const [text, tone] of parts) {
    const gap = line === "" ? "" : " ";
    if (text === "" || (line !== "" && room < text.length + 1)) continue;
    line += gap + style.paint(tone, cut(text, room, style.ellipsis));
    room -= gap.length + text.length;
  }
  return line;
}

/** The longest of the ways to say how far the build is that leaves some room, else the shortest. */
function title(trace: Trace, width: number, now: number): string {
  const { total, completed } = trace.count();
  const time = formatElapsed(now - trace.opened);
  const titles = [`[+] Building ${time} (${completed}/${total})`, `[+] ${time} (${completed}/${total})`, `[+] ${time}`];
  return titles.find((text) => text.length <= width) ?? time;
}

function liveRows(trace: Trace, budget: number, now: number, settings: FrameSettings): Row[] {
  const { style } = settings;
  const running = trace.started.filter((vertex) => vertex.state === "running");
  if (running.length > budget) {
    const shown = running.slice(0, budget - 1);
    return [...shown.map((vertex) => vertexRow(vertex, now, style)), moreRow(running.length - shown.length, style)];
  }
  const ended = trace.started.filter((vertex) => vertex.state !== "running");
  const free = budget - running.length;
  const details = detailRows(running, free - Math.min(ended.length, Math.ceil(budget / 4)), now, settings);
  const taken = [...details.values()].reduce((sum, rows) => sum + rows.length, 0);
  const shown = new Set([...running, ...newest(ended, free - taken)]);
  return trace.started
    .filter((vertex) => shown.has(vertex))
    .flatMap((vertex) => [vertexRow(vertex, now, style), ...(details.get(vertex) ?? [])]);
}

/** The `most` that ended last. */
function newest(ended: readonly TracedVertex[], most: number): readonly TracedVertex[] {
  if (ended.length <= most) return ended;
  return [...ended].sort((a, b) => (b.completed ?? 0) - (a.completed ?? 0)).slice(0, Math.max(0, most));
}

function moreRow(count: number, style: Style): Row {
  const text = `${count} more running`;
  return { indent: 1, mark: style.marks.more, markTone: "live", text, tone: "faint", right: [], rightTone: "plain" };
}
