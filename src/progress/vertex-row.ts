import { formatElapsed, shortenDigests } from "./format.ts";
import { frameText } from "./harmless.ts";
import type { Row } from "./row.ts";
import type { Style, Tone } from "./style.ts";
import type { TracedVertex, VertexState } from "./traced-vertex.ts";
import { transferOf, transferTexts } from "./transfer.ts";

/** Bytes from which on it is worth saying how much an ended step has moved. */
const notable = 100_000;
/** Milliseconds that each picture of the mark of running steps stands. */
const spin = 100;
const timeColumns = 6;

const looks: Readonly<Record<VertexState, { readonly tone: Tone; readonly markTone: Tone; readonly word: string }>> = {
  waiting: { tone: "faint", markTone: "faint", word: "" },
  running: { tone: "strong", markTone: "live", word: "" },
  done: { tone: "run", markTone: "done", word: "" },
  cached: { tone: "run", markTone: "done", word: "CACHED" },
  canceled: { tone: "cancel", markTone: "cancel", word: "CANCELED" },
  error: { tone: "error", markTone: "error", word: "ERROR" },
};

/** A vertex with its time; `state` overrides what it says of itself. */
export function vertexRow(vertex: TracedVertex, now: number, style: Style, state = vertex.state): Row {
  const { tone, markTone, word } = looks[state];
  const time = formatElapsed(vertex.duration(now)).padStart(timeColumns);
  return {
    indent: 1,
    mark: markOf(state, now, style),
    markTone,
    text: shortenDigests(frameText(vertex.name)),
    tone,
    right: rightTexts(vertex, state, time, word, style),
    rightTone: state === "error" || state === "canceled" ? tone : state === "running" ? "plain" : "faint",
  };
}

function rightTexts(vertex: TracedVertex, state: VertexState, time: string, word: string, style: Style): string[] {
  if (state === "cached") return [word];
  if (word !== "") return [`${word} ${time}`, time.trimStart()];
  const transfer = transferOf(vertex);
  // While it runs, a single transfer has a row of its own.
  const isNotable = state === "running" ? (transfer?.parts ?? 0) > 1 : (transfer?.current ?? 0) >= notable;
  const texts = isNotable && transfer !== undefined ? transferTexts(transfer, style).slice(-2) : [];
  return [...texts.map((text) => `${text} ${time}`), time.trimStart()];
}

/** The mark of a state; that of running ones turns with the time. */
export function markOf(state: VertexState, now: number, { marks }: Style): string {
  if (state === "error") return marks.error;
  if (state === "canceled") return marks.canceled;
  if (state === "done" || state === "cached") return marks.done;
  return marks.running[Math.floor(now / spin) % marks.running.length] ?? "";
}
