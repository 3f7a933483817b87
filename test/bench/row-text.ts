import { bytes, duration, ratio, value } from "./figure.ts";
import type { Cell, Row } from "./record.ts";

/** A row for a terminal: a line for each tool. */
export function formatRow(row: Row): string {
  return row.cells.map((cell, index) => formatCell(row, cell, index === 0 ? row.name : "")).join("\n");
}

export const rowHead = [
  pad("", "tool", "median", "quartiles", "CPU", "memory", "tool / luakit"),
  pad("-".repeat(28), "-".repeat(24), "-".repeat(9), "-".repeat(21), "-".repeat(9), "-".repeat(8), "-".repeat(13)),
].join("\n");

function formatCell({ unit }: Row, cell: Cell, name: string): string {
  const { median, low, high } = cell.value;
  return pad(
    name,
    cell.label?.replaceAll("`", "") ?? cell.column,
    value(unit, median),
    `${value(unit, low)} - ${value(unit, high)}`,
    cell.cpu === undefined ? "" : duration(cell.cpu),
    cell.memory === undefined ? "" : bytes(cell.memory),
    cell.ratio === undefined ? "" : ratio(cell.ratio.median),
  );
}

function pad(name: string, tool: string, median: string, ...rest: readonly string[]): string {
  const [quartiles = "", cpu = "", memory = "", times = ""] = rest;
  const left = `${name.padEnd(28)}  ${tool.padEnd(24)}`;
  return `${left}  ${median.padStart(9)}  ${quartiles.padStart(21)}  ${cpu.padStart(9)}  ${memory.padStart(8)}  ${times}`.trimEnd();
}
