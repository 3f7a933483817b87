/** What one piece of a shell pattern matches: a character, any one of them, or any number of them. */
export type Piece = { readonly is: string } | "one" | "any";

export interface Pattern {
  readonly pieces: readonly Piece[];
  /** Whether it takes as much as it can. */
  readonly longest: boolean;
}

/** Places of characters. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** A pattern of pieces, where stars in a row are one. */
export function toPattern(pieces: readonly Piece[], longest: boolean): Pattern {
  return { pieces: pieces.filter((piece, at) => piece !== "any" || pieces[at - 1] !== "any"), longest };
}

/** The places in a pattern where a match may be, with where it began; first those that count more. */
interface Threads {
  readonly places: number[];
  readonly starts: number[];
  readonly seen: Set<number>;
}

/**
 * The first match from `from` on, or at it. Goes through the text once, whatever the pattern: a regular expression of many
 * stars would try every way to share the text among them.
 */
export function findMatch(
  pattern: Pattern,
  text: readonly string[],
  from: number,
  isAnchored: boolean,
): Match | undefined {
  let match: Match | undefined;
  let threads = newThreads();
  add(pattern, threads, 0, from);
  for (let at = from; threads.places.length > 0 || (match === undefined && !isAnchored && at <= text.length); at++) {
    const next = newThreads();
    for (const [index, place] of threads.places.entries()) {
      const start = threads.starts[index] ?? at;
      const piece = pattern.pieces[place];
      if (piece === undefined) {
        match = { start, end: at };
        break;
      }
      const character = text[at];
      if (character !== undefined && takes(piece, character))
        add(pattern, next, piece === "any" ? place : place + 1, start);
    }
    if (match === undefined && !isAnchored && at < text.length) add(pattern, next, 0, at + 1);
    threads = next;
  }
  return match;
}

function newThreads(): Threads {
  return { places: [], starts: [], seen: new Set() };
}

function takes(piece: Piece, character: string): boolean {
  return typeof piece === "string" ? character !== "\n" : piece.is === character;
}

function add(pattern: Pattern, threads: Threads, place: number, start: number): void {
  const isAny = pattern.pieces[place] === "any";
  const both = pattern.longest ? [place, place + 1] : [place + 1, place];
  for (const each of isAny ? both : [place]) {
    if (threads.seen.has(each)) continue;
    threads.seen.add(each);
    threads.places.push(each);
    threads.starts.push(start);
  }
}
