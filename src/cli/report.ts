import { exitStatus } from "../diagnostic/code.ts";
import {
  type ExcerptStyle,
  findMark,
  type LinesOf,
  plainStyle,
  printExcerpt,
  splitLines,
} from "../diagnostic/excerpt.ts";
import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { isHarmless, oneLine } from "../progress/harmless.ts";
import { hasColors, type Terminal } from "./terminal.ts";
import { openTerminalSize } from "./terminal-size.ts";

const colors: ExcerptStyle = {
  accent: (text) => `\u001b[1;31m${text}\u001b[0m`,
  faint: (text) => `\u001b[2m${text}\u001b[0m`,
};

/** Prints what went wrong to stderr and gives the exit status. What is not a LuakitError is a bug and says so. */
export function report(thrown: unknown, terminal: Terminal): number {
  const style = { ...(hasColors(terminal) ? colors : plainStyle), columns: columnsOf(terminal) };
  if (thrown instanceof LuakitError) {
    terminal.error(`${formatError(thrown, style).join("\n")}\n`);
    if (terminal.variables.LUAKIT_DEBUG === "1") terminal.error(`${debugText(thrown)}\n`);
    return exitStatus(thrown.code);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  terminal.error(`${style.accent("luakit has a bug:")} ${message}\n`);
  if (terminal.variables.LUAKIT_DEBUG === "1") terminal.error(`${debugText(thrown)}\n`);
  else terminal.error("hint: LUAKIT_DEBUG=1 shows where; please report it with the script\n");
  return 1;
}

/** How wide the terminal is that errors go to; undefined when it is none. */
export function columnsOf(terminal: Terminal): number | undefined {
  return terminal.errorIsTerminal() ? openTerminalSize(2)()?.columns : undefined;
}

/** An error as people read it: place and cause, the script's line, the calls that led there, the hint. */
export function formatError(error: LuakitError, style: ExcerptStyle = plainStyle): string[] {
  const head = error.position === undefined ? style.accent("error:") : style.accent(`${place(error.position)}:`);
  const lines = [`${head} ${harmless(error.message)}`];
  if (error.position !== undefined) lines.push(...printExcerpt(error.position, wordsOf(error), style));
  for (const caller of error.callers) {
    const text = caller.source?.split("\n")[caller.line - 1]?.trim();
    lines.push(style.faint(`called from ${place(caller)}${text ? `: ${harmless(text)}` : ""}`));
  }
  if (error.hint !== undefined) lines.push(`hint: ${harmless(error.hint)}`);
  return lines;
}

/** The columns that are underlined, 1-based and to behind the last one, when they are on the line of the place itself. */
export function markOf(
  error: LuakitError,
  linesOf: LinesOf = splitLines,
): { readonly column?: number; readonly endColumn?: number } {
  const { position } = error;
  if (position?.source === undefined) return {};
  const mark = findMark(linesOf(position.source), position, wordsOf(error));
  if (mark === undefined || mark.line !== position.line) return {};
  return { column: mark.start + 1, endColumn: mark.start + 1 + mark.length };
}

/** What scripts and registries say must not drive a terminal, nor turn the direction of what is read. */
function harmless(text: string): string {
  return isHarmless(text) ? text : text.replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");
}

function place(position: Position): string {
  const column = position.column === undefined ? "" : `:${position.column}`;
  return `${oneLine(position.file)}:${position.line}${column}`;
}

/** What may be underlined, unless the place itself tells. */
function wordsOf({ message, position }: LuakitError): string[] {
  return position?.column !== undefined && position.endColumn !== undefined ? [] : quotedWords(message);
}

/** What a message quotes, last first: the wrong value is more precise than the option's name. */
function quotedWords(message: string): string[] {
  const cause = message.replace(/ \(did you mean .*$/s, "");
  return [...cause.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "").reverse();
}

function debugText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? "" : `\ncaused by: ${debugText(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}
