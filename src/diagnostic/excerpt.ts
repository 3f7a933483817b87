import type { Position } from "./luakit-error.ts";

export interface ExcerptStyle {
  /** Wraps text in terminal colours; identity when there are none. */
  readonly accent: (text: string) => string;
  readonly faint: (text: string) => string;
  /** Of the terminal: what is left of a longer line is around the mark. Default: lines are shown whole. */
  readonly columns?: number | undefined;
  /** The lines of a text. Default: they are found anew for each excerpt. */
  readonly linesOf?: LinesOf | undefined;
}

export type LinesOf = (source: string) => readonly string[];

export const plainStyle: ExcerptStyle = { accent: (text) => text, faint: (text) => text };

/** Finds lines, of one text after the other, for many excerpts of each. */
export function openLines(): LinesOf {
  let last: { readonly source: string; readonly lines: readonly string[] } | undefined;
  return (source) => {
    if (last?.source !== source) last = { source, lines: splitLines(source) };
    return last.lines;
  };
}

export function splitLines(source: string): readonly string[] {
  return source.split("\n");
}

/** Lines shown before and after the one that is meant. */
const context = 2;
/** Lines of a call in which a word is looked for. */
const longestCall = 20;

/**
 * The lines around `position`, the one meant marked with `>` and, where one of `words` stands on it or on a further line
 * of the same call, that word underlined. Gives an empty list when the position has no source text or lies outside it.
 */
export function printExcerpt(position: Position, words: readonly string[] = [], style = plainStyle): string[] {
  if (position.source === undefined) return [];
  const lines = (style.linesOf ?? splitLines)(position.source);
  const mark = findMark(lines, position, words);
  if (mark === undefined) return [];
  const first = Math.max(1, position.line - context);
  const last = lastShown(lines, mark.line, position.line + context);
  const width = String(last).length;
  const indent = visible((lines[mark.line - 1] ?? "").slice(0, mark.start)).length;
  const view = chooseView(indent, mark.length, (style.columns ?? Number.POSITIVE_INFINITY) - width - 5);
  const printed: string[] = [];
  for (let line = first; line <= last; line++) {
    const shown = line === mark.line ? view : { start: 0, end: view.end - view.start };
    const text = `${String(line).padStart(width)} | ${cut(visible(lines[line - 1] ?? ""), shown)}`.trimEnd();
    printed.push(line === position.line ? `${style.accent(">")} ${text}` : style.faint(`  ${text}`));
    if (line !== mark.line) continue;
    const length = Math.min(mark.length, view.end - indent);
    printed.push(`  ${" ".repeat(width)} | ${" ".repeat(indent - view.start)}${style.accent("^".repeat(length))}`);
  }
  return printed;
}

/** The columns of a line that are shown. */
interface View {
  readonly start: number;
  readonly end: number;
}

/** Narrower than this, lines are shown whole. */
const leastView = 20;
/** Columns of a long line that stay before its mark. */
const lead = 10;

/** `room` columns from the start of the line on, or from shortly before its mark when that would not be seen whole. */
function chooseView(indent: number, length: number, room: number): View {
  if (!Number.isFinite(room) || room < leastView) return { start: 0, end: Number.POSITIVE_INFINITY };
  const start = indent + length < room ? 0 : Math.max(0, indent - lead);
  return { start, end: start + room };
}

/** The part of a line within the view, with `…` where there is more. */
function cut(text: string, { start, end }: View): string {
  const left = start > 0 && text.length > start ? "…" : "";
  const right = text.length > end ? "…" : "";
  return `${left}${text.slice(start + left.length, end - right.length)}${right}`;
}

/** `wanted` or `least`, whichever is later, but no empty line at the end. */
function lastShown(lines: readonly string[], least: number, wanted: number): number {
  const last = Math.min(lines.length, Math.max(least, wanted));
  return last > least && lines[last - 1]?.trim() === "" ? last - 1 : last;
}

/** Most lines are. */
const plain = /^[ -~]*$/;

/** Tabs become two spaces so that marks line up; what drives a terminal or turns the direction is left out. */
function visible(text: string): string {
  if (plain.test(text)) return text;
  return text.replaceAll("\t", "  ").replace(/[\p{Cc}\p{Bidi_Control}]/gu, "");
}

/** What is meant of a script's text. `start` is 0-based. */
export interface Mark {
  readonly line: number;
  readonly start: number;
  readonly length: number;
}

/**
 * What to underline: columns that are known, else the first of `words` in the call, else the column, else all of the
 * line but its indentation.
 */
export function findMark(lines: readonly string[], position: Position, words: readonly string[]): Mark | undefined {
  const meant = lines[position.line - 1];
  if (meant === undefined) return undefined;
  const { line, column, endColumn } = position;
  if (column !== undefined && endColumn !== undefined) {
    // Columns may come from a daemon, which can say what it likes.
    const start = Math.min(Math.max(0, column - 1), meant.length);
    return { line, start, length: Math.max(1, Math.min(endColumn - column, meant.length - start)) };
  }
  const end = lastLineOfCall(lines, position.line);
  for (const word of words) {
    for (let line = position.line; line <= end; line++) {
      const start = findWord(lines[line - 1] ?? "", word);
      if (start >= 0) return { line, start, length: word.length };
    }
  }
  const start = position.column === undefined ? meant.length - meant.trimStart().length : position.column - 1;
  const length = position.column === undefined ? visible(meant.trim()).length : 1;
  return { line: position.line, start, length: Math.max(1, length) };
}

/** The line where the brackets that `line` opens are closed again. */
function lastLineOfCall(lines: readonly string[], line: number): number {
  let depth = 0;
  for (let at = line; at < line + longestCall && at <= lines.length; at++) {
    for (const character of lines[at - 1] ?? "") {
      if ("({[".includes(character)) depth++;
      else if (")}]".includes(character)) depth--;
    }
    if (depth <= 0) return at;
  }
  return line;
}

/** Where `word` stands on its own in `line`, or -1. */
function findWord(line: string, word: string): number {
  if (word === "") return -1;
  for (let start = line.indexOf(word); start >= 0; start = line.indexOf(word, start + 1)) {
    const before = line[start - 1] ?? " ";
    const after = line[start + word.length] ?? " ";
    if (!(/\w/.test(before) && /\w/.test(word[0] ?? "")) && !(/\w/.test(after) && /\w/.test(word.at(-1) ?? "")))
      return start;
  }
  return -1;
}
