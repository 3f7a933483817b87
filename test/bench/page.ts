import { type Column, columns } from "./case.ts";
import { bytes, duration, ratio, value } from "./figure.ts";
import type { BenchRecord, Cell, Row } from "./record.ts";

/** The Markdown of docs/performance.md: nothing in it but what the record says. */
export function renderPage(record: BenchRecord): string {
  const shown = columns.filter((column) =>
    record.rows.some(({ cells }) => cells.some((cell) => cell.column === column)),
  );
  const lines = [
    "# Performance",
    "",
    "luakit beside buildctl, buildx, the Go luakit, the Dockerfile frontend and grpc-go, in one run on one machine. This page is",
    "written by the benchmarks. They need what the tests need: Linux, root and Go.",
    "",
    "```text",
    record.command,
    "```",
    "",
    ...runLines(record),
    "",
    "## How to read it",
    "",
    ...reading,
    ...record.missing.map((line) => `- ${line}`),
    "",
    "## In short",
    "",
    ...summaryLines(record.rows),
    "",
    "## The figures",
    "",
    `| | ${shown.join(" | ")} |`,
    `| --- |${" --- |".repeat(shown.length)}`,
    ...record.rows.map(
      (row) => `| ${[`**${row.name}**`, ...shown.map((column) => cellText(row, column))].join(" | ")} |`,
    ),
    "",
    "## What is done",
    "",
    "| | | rounds |",
    "| --- | --- | --- |",
    ...record.rows.map(({ name, about, rounds }) => `| ${name} | ${about} | ${rounds} |`),
  ];
  return `${lines.join("\n")}\n`;
}

const reading = [
  "- The first line of a cell is the median of the wall clock, in brackets the quartiles: half of the rounds lie between them. The rows",
  "  *gateway, memory* and *gateway, image* are about bytes instead.",
  "- The second line has the processor time (median) and the peak of resident memory (highest of all rounds) of the whole process,",
  "  without the daemon's.",
  "- **The number in bold is tool / luakit**: above 1, luakit is ahead; 2 means that the tool takes twice as long. It is the median of",
  "  the rounds' ratios, with quartiles. Where these reach across 1, neither is ahead.",
  "- Each round runs every tool of a row once, in alternating order, so that a drifting machine hits all alike. One round before",
  "  does not count, except where each one starts from nothing.",
  "- Where a row says nothing else, luakit builds from build.lua, buildctl from LLB that is ready, and buildx from a Dockerfile.",
  "- The daemon is the same for all, with nothing else to do; it has what a cached build needs, and files are on the disk before the",
  "  time counts. What the daemon does is in the wall clock of all tools alike and draws ratios toward 1.",
];

function runLines({ date, minutes, machine, tools }: BenchRecord): string[] {
  const { processor, cores, memory, system, kernel, fileSystem, load } = machine;
  const rows = {
    date: `${date}, ${minutes} minutes`,
    machine: `${processor}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GiB; load at the start ${load}`,
    system: `${system}, Linux ${kernel}, ${fileSystem}`,
    ...tools,
  };
  return ["| | |", "| --- | --- |", ...Object.entries(rows).map(([name, text]) => `| ${name} | ${text} |`)];
}

/** Where luakit is ahead and where it is not, by tool. */
function summaryLines(rows: readonly Row[]): string[] {
  const compared = rows.flatMap((row) =>
    row.cells.flatMap((cell) => (cell.ratio === undefined ? [] : [{ row, cell, ratio: cell.ratio }])),
  );
  const names = [...new Set(compared.map(({ cell }) => nameOf(cell)))];
  return names.map((name) => {
    const own = compared.filter(({ cell }) => nameOf(cell) === name);
    const behind = own.filter((each) => each.ratio.median < 1);
    const list = behind.map((each) => `${each.row.name} (${ratio(each.ratio.median)})`).join("; ");
    const ahead = `ahead in ${own.length - behind.length} of ${own.length} ${own.length === 1 ? "row" : "rows"}`;
    return `- ${name}: luakit is ${ahead}${list === "" ? "" : `, not in ${list}`}`;
  });
}

function nameOf({ column, label }: Cell): string {
  return column === "other" ? (label ?? column) : column;
}

function cellText(row: Row, column: Column): string {
  const cells = row.cells.filter((cell) => cell.column === column);
  if (cells.length > 0) return cells.map((cell) => figures(row, cell)).join("<br><br>");
  return column === "other" ? "" : (row.lacking[column] ?? "no such command");
}

function figures({ unit }: Row, cell: Cell): string {
  const { median, low, high } = cell.value;
  const isSure = low === high;
  const used = [
    ...(cell.cpu === undefined ? [] : [`CPU ${duration(cell.cpu)}`]),
    ...(cell.memory === undefined ? [] : [bytes(cell.memory)]),
  ];
  return [
    ...(cell.label === undefined ? [] : [`*${cell.label}*`]),
    `${value(unit, median)}${isSure ? "" : ` (${value(unit, low)} – ${value(unit, high)})`}`,
    ...(used.length === 0 ? [] : [used.join(", ")]),
    ...(cell.ratio === undefined ? [] : [ratioText(cell.ratio)]),
  ].join("<br>");
}

function ratioText({ median, low, high }: NonNullable<Cell["ratio"]>): string {
  return `**${ratio(median)}**${low === high ? "" : ` (${ratio(low)} – ${ratio(high)})`}`;
}
