import type { Position } from "./luakit-error.ts";

export interface ExcerptStyle {
  /** Wraps text in terminal colours; identity when there are none. */
  readonly accent: (text: string) => string;
  readonly faint: (text: string) => string;
}

export const plainStyle: ExcerptStyle = { accent: (text) => text, faint: (text) => text };

/** Lines shown before and after the one that is meant. */
const context = 2;

/**
 * The lines around `position`, the one meant marked with `>` and, where `words` names something that stands on it,
 * underlined. Gives an empty list when the position has no source text or lies outside of it.
 */
export function printExcerpt(position: Position, words: readonly string[] = [], style = plainStyle): string[] {
  const lines = position.source?.split("\n") ?? [];
  const meant = lines[position.line - 1];
  if (meant === undefined) return [];
  const first = Math.max(1, position.line - context);
  const last = Math.min(lines.length, position.line + context);
  const width = String(last).length;
  const printed: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = visible(lines[line - 1] ?? "");
    if (line > position.line && text.trim() === "" && line === last) continue;
    const number = String(line).padStart(width);
    if (line !== position.line) {
      printed.push(style.faint(`  ${number} | ${text}`.trimEnd()));
      continue;
    }
    printed.push(`${style.accent(">")} ${number} | ${text}`.trimEnd());
    const mark = findMark(meant, position.column, words);
    const indent = visible(meant.slice(0, mark.start)).length;
    printed.push(`  ${" ".repeat(width)} | ${" ".repeat(indent)}${style.accent("^".repeat(mark.length))}`);
  }
  return printed;
}

/** Tabs become two spaces so that marks line up; other control characters must not reach a terminal. */
function visible(text: string): string {
  return text.replaceAll("\t", "  ").replace(/\p{Cc}/gu, "");
}

/** What to underline: the first of `words` on the line, the column, or all that is not indentation. */
function findMark(
  line: string,
  column: number | undefined,
  words: readonly string[],
): { start: number; length: number } {
  for (const word of words) {
    const start = findWord(line, word);
    if (start >= 0) return { start, length: word.length };
  }
  const start = column === undefined ? line.length - line.trimStart().length : column - 1;
  const length = column === undefined ? visible(line.trim()).length : 1;
  return { start, length: Math.max(1, length) };
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
