import { formatElapsed, shortenDigests } from "./format.ts";
import type { FrameSettings } from "./frame.ts";
import { frameText, steady } from "./harmless.ts";
import { expandTabs } from "./log-line.ts";
import { lastLines } from "./log-lines.ts";
import type { Row } from "./row.ts";
import type { Style } from "./style.ts";
import type { TracedStatus, TracedVertex } from "./traced-vertex.ts";
import { transferTexts } from "./transfer.ts";

const indent = 3;
const timeColumns = 6;
/** Bytes of a log that are looked at for its last lines. */
const logWindow = 16 * 1024;
/** Milliseconds from which on a phase of an ended step is worth a line that stays. */
const slow = 1000;

/** Rows below the running vertices, `budget` at most over all: what they transfer, and the last lines of their logs. */
export function detailRows(
  running: readonly TracedVertex[],
  budget: number,
  now: number,
  settings: FrameSettings,
): Map<TracedVertex, Row[]> {
  const wanted = running.map((vertex) => ({
    vertex,
    statuses: shownStatuses(vertex),
    lines: logTail(vertex, settings.logLines),
  }));
  const shares = share(
    wanted.map(({ statuses, lines }) => statuses.length + lines.length),
    budget,
  );
  return new Map(
    wanted.map(({ vertex, statuses, lines }, index) => {
      const most = shares[index] ?? 0;
      const status = mostWanted(statuses, most).map((status) => statusRow(status, now, settings.style));
      const free = most - status.length;
      return [vertex, [...status, ...(free > 0 ? lines.slice(-free) : []).map((text) => logRow(text, settings.style))]];
    }),
  );
}

/** The phases of an ended vertex that took long. */
export function slowRows(vertex: TracedVertex, now: number, style: Style): Row[] {
  return shownStatuses(vertex)
    .filter(({ started = 0, completed = started }) => completed - started >= slow)
    .map((status) => statusRow(status, now, style));
}

/** Gives each its share of `budget`, one after the other by turns, until nobody wants more. */
function share(wanted: readonly number[], budget: number): number[] {
  const shares = wanted.map(() => 0);
  let left = budget;
  let given = true;
  while (left > 0 && given) {
    given = false;
    for (const [index, most] of wanted.entries()) {
      const has = shares[index] ?? 0;
      if (has >= most || left === 0) continue;
      shares[index] = has + 1;
      left--;
      given = true;
    }
  }
  return shares;
}

/** Statuses that have begun; others have nothing to show yet. */
function shownStatuses(vertex: TracedVertex): TracedStatus[] {
  return [...vertex.statuses.values()].filter(({ started }) => started !== undefined);
}

/** `most` statuses in their order; those that have completed go first when there is no room for all. */
function mostWanted(statuses: readonly TracedStatus[], most: number): readonly TracedStatus[] {
  if (statuses.length <= most) return statuses;
  const active = statuses.filter(({ completed }) => completed === undefined).slice(0, most);
  const rest = most - active.length;
  const completed = rest > 0 ? statuses.filter(({ completed }) => completed !== undefined).slice(-rest) : [];
  return statuses.filter((status) => active.includes(status) || completed.includes(status));
}

function statusRow(status: TracedStatus, now: number, style: Style): Row {
  const completed = status.completed !== undefined;
  const elapsed = Math.max(0, (status.completed ?? now) - (status.started ?? now));
  const time = formatElapsed(elapsed).padStart(timeColumns);
  const moved = status.current > 0 || status.total > 0;
  const texts = moved ? transferTexts(completed ? { ...status, total: 0 } : status, style) : [];
  return {
    indent,
    mark: completed ? style.marks.done : style.marks.active,
    markTone: completed ? "done" : "live",
    text: shortenDigests(frameText(status.id)),
    tone: completed ? "faint" : "plain",
    right: [...texts.map((text) => `${text} ${time}`), time.trimStart()],
    rightTone: completed ? "faint" : "plain",
  };
}

function logRow(text: string, style: Style): Row {
  const { log } = style.marks;
  return { indent, mark: log, markTone: "faint", text, tone: "faint", right: [], rightTone: "plain" };
}

function logTail(vertex: TracedVertex, most: number): string[] {
  if (vertex.log === undefined) return [];
  const lines = lastLines(vertex.log, most * 2, logWindow).map(({ text }) => steady(expandTabs(text)));
  return lines.filter((text) => text.trim() !== "").slice(-most);
}
