import { oneLine, stripControls } from "../progress/harmless.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

const gap = "  ";

/** Lines with aligned columns under their titles. What daemons put into cells is on one line and drives no terminal. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((cells) => cells.map(oneLine))];
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => Bun.stringWidth(cells[column] ?? ""))));
  return lines.map((cells) => `${formatRow(columns, widths, cells)}\n`).join("");
}

/** Names and values below each other, the values aligned; those without a value are left out. */
export function formatFields(fields: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = fields.flatMap(([name, value]) => (value ? [[oneLine(name), stripControls(value)] as const] : []));
  const width = Math.max(0, ...shown.map(([name]) => Bun.stringWidth(name)));
  return shown.map(([name, value]) => `${pad(name, width, "left")}${gap}${indent(value, width)}\n`).join("");
}

/** `text` within `width` columns, cut at its end. */
export function shorten(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  let short = "";
  for (const character of text) {
    if (Bun.stringWidth(short + character) > width - 1) break;
    short += character;
  }
  return `${short}…`;
}

function formatRow(columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map(({ align = "left" }, column) => pad(cells[column] ?? "", widths[column] ?? 0, align));
  return padded.join(gap).trimEnd();
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Further lines of a value stand under its first one. */
function indent(value: string, width: number): string {
  return value.split("\n").join(`\n${" ".repeat(width)}${gap}`);
}
