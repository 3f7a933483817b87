/** A part of a text, in bytes; only statements within it are laid out. */
export interface FormatRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The first line of the statement that cannot be laid out, counted from 1; undefined when it is none by itself. `fails`
 * tells whether a part of the text has such a statement.
 */
export function findFailure(text: string, fails: (range: FormatRange) => boolean): number | undefined {
  const ends: number[] = [0];
  for (const line of text.split("\n")) ends.push((ends.at(-1) ?? 0) + Buffer.byteLength(line) + 1);
  const at = (lines: number) => ends[lines] ?? 0;
  const all = ends.length - 1;
  if (!fails({ start: 0, end: at(all) }) || fails({ start: 0, end: 0 })) return undefined;
  const last = firstOf(1, all, (lines) => fails({ start: 0, end: at(lines) }));
  return firstOf(1, last, (line) => !fails({ start: at(line), end: at(last) }));
}

/** The least number that is like that, when all above it are and the last one is sure to be. */
function firstOf(least: number, last: number, isLike: (number: number) => boolean): number {
  let [from, to] = [least, last];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isLike(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
