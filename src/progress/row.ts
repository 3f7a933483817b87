import type { Style, Tone } from "./style.ts";

/** One line of a frame: a mark, a text that is cut where it must be, and what stands at the right edge. */
export interface Row {
  readonly indent: number;
  readonly mark: string;
  readonly markTone: Tone;
  readonly text: string;
  readonly tone: Tone;
  /** From the longest to the shortest: the first that leaves the text enough room is taken. */
  readonly right: readonly string[];
  readonly rightTone: Tone;
}

/** Columns, and the part of the row, that a text keeps before what stands on its right becomes shorter. */
const comfortable = 16;
const comfortablePart = 0.6;
/** Nobody's eyes follow a line further than this to what stands on its right. */
const widest = 120;

/** The row in `columns` columns at most, with the style's colours. */
export function layRow(row: Row, columns: number, style: Style): string {
  const left = " ".repeat(row.indent) + (row.mark === "" ? "" : `${style.paint(row.markTone, row.mark)} `);
  const room = (row.right.length === 0 ? columns : Math.min(columns, widest)) - row.indent - (row.mark === "" ? 0 : 2);
  const wanted = Bun.stringWidth(row.text);
  const right = row.right.find((text) => fits(text, room, wanted)) ?? "";
  const width = Math.max(0, right === "" ? room : room - Bun.stringWidth(right) - 1);
  const text = cut(row.text, width, style.ellipsis);
  if (right === "") return left + style.paint(row.tone, text);
  const gap = " ".repeat(Math.max(1, width - Bun.stringWidth(text) + 1));
  return left + style.paint(row.tone, text) + gap + style.paint(row.rightTone, right);
}

function fits(right: string, room: number, wanted: number): boolean {
  const left = room - Bun.stringWidth(right) - 1;
  return left >= wanted || left >= Math.min(comfortable, Math.floor(room * comfortablePart));
}

/** Text cut to `width` columns, with an ellipsis where something is missing. */
export function cut(text: string, width: number, ellipsis: string): string {
  if (Bun.stringWidth(text) <= width) return text;
  if (width < 1) return "";
  // The runtime lets a wide character stand out by one column.
  const shown = Bun.sliceAnsi(text, 0, width, ellipsis);
  return Bun.stringWidth(shown) <= width ? shown : Bun.sliceAnsi(text, 0, width - 1, ellipsis);
}
