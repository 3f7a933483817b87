import { endsPlain } from "./shell-quotes.ts";

/**
 * The lines of a shell command that stood on several lines of a Dockerfile, with `\` where one goes on; undefined when
 * a shell would read them otherwise than the one line that the Dockerfile frontend makes of them.
 */
export function shellLines(pieces: readonly string[]): readonly string[] | undefined {
  if (pieces.length < 2 || !pieces.every(isPlain)) return undefined;
  const lines = pieces.map((piece, at) => (at < pieces.length - 1 ? `${trimEnd(piece)} \\` : trimEnd(piece)));
  return pieces.every(endsInSpace) ? unindent(lines) : undefined;
}

/**
 * Quotes over several lines keep their line ends, a comment would swallow what follows, and an escaped space counts.
 * To a shell, white space other than blanks is part of words.
 */
function isPlain(piece: string): boolean {
  return endsPlain(piece) && !/\\[ \t]*$/.test(piece) && !/[^\S \t]|[^\P{Cc}\t]/u.test(piece);
}

/** Words of two lines must not have been one word: the shell joins the lines as they are. */
function endsInSpace(piece: string, at: number, pieces: readonly string[]): boolean {
  const next = pieces[at + 1];
  return next === undefined || /[ \t]$/.test(piece) || /^[ \t]/.test(next);
}

/** Without the indentation that all lines but the first have, and with two spaces less than nothing lost. */
function unindent(lines: readonly string[]): readonly string[] {
  const [first = "", ...rest] = lines.map((line) =>
    line.replace(/^[ \t]+/, (blanks) => blanks.replaceAll("\t", "    ")),
  );
  const least = Math.min(...rest.map((line) => line.length - line.trimStart().length));
  return [first.trimStart(), ...rest.map((line) => `  ${line.slice(least)}`)];
}

function trimEnd(piece: string): string {
  return piece.replace(/[ \t]+$/, "");
}
