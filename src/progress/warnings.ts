import { printExcerpt } from "../diagnostic/excerpt.ts";
import type { VertexWarning } from "../gen/control.ts";
import { oneLine } from "./harmless.ts";
import type { Style } from "./style.ts";

/** Warnings up to which each is shown with the lines that it is about. */
const mostExcerpts = 5;
const mostWarnings = 20;

/** What the daemon and frontends warned of, each once, with where it is and where to read on. */
export function formatWarnings(warnings: readonly VertexWarning[], columns: number, style: Style): string[] {
  const distinct = [...new Map(warnings.map((warning) => [keyOf(warning), warning])).values()];
  if (distinct.length === 0) return [];
  const title = `${distinct.length} warning${distinct.length === 1 ? "" : "s"}`;
  const shown = distinct.slice(0, mostWarnings);
  const rest = distinct.length - shown.length;
  const excerpts = distinct.length <= mostExcerpts;
  return [
    style.paint("warning", title),
    ...shown.flatMap((warning) => formatWarning(warning, excerpts, columns, style)),
    ...(rest === 0 ? [] : [`  and ${rest} more`]),
  ];
}

function formatWarning(warning: VertexWarning, excerpt: boolean, columns: number, style: Style): string[] {
  const lines = wrap(text(warning.short), 2, columns).map((line) => style.paint("warning", line));
  for (const detail of warning.detail) lines.push(...wrap(text(detail), 4, columns));
  if (warning.url !== "") lines.push(`    ${style.paint("faint", oneLine(warning.url))}`);
  return excerpt ? [...lines, ...formatExcerpt(warning, style).map((line) => `    ${line}`)] : lines;
}

/** Lines of at most `columns`, each indented. */
function wrap(words: string, indent: number, columns: number): string[] {
  const wrapped = columns > indent * 4 ? Bun.wrapAnsi(words, Math.min(columns, 1000) - indent - 1) : words;
  return wrapped.split("\n").map((line) => " ".repeat(indent) + line);
}

/** The lines that a warning is about; columns count from 0 on the wire, and an empty range means the whole line. */
function formatExcerpt({ info, ranges: [range] }: VertexWarning, style: Style): string[] {
  const line = range?.start?.line ?? 0;
  if (info === undefined || line < 1) return [];
  const file = oneLine(info.filename);
  const column = (range?.start?.character ?? 0) === 0 ? {} : { column: (range?.start?.character ?? 0) + 1 };
  const position = { file, line, source: new TextDecoder().decode(info.data), ...column };
  const accent = (text: string) => style.paint("warning", text);
  const faint = (text: string) => style.paint("faint", text);
  return [`${file}:${line}`, ...printExcerpt(position, [], { accent, faint })];
}

function keyOf({ short, url, info, ranges }: VertexWarning): string {
  return `${text(short)}\n${url}\n${info?.filename}\n${ranges[0]?.start?.line}`;
}

function text(bytes: Uint8Array): string {
  return oneLine(new TextDecoder().decode(bytes));
}
