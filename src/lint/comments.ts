/** A comment of a script. */
export interface Comment {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Without its dashes and long brackets. */
  readonly text: string;
  /** Nothing but space stands before it on its line. */
  readonly isAlone: boolean;
  /** Nothing but space, comments and the `#` lines at the head stand before it in the file. */
  readonly isHead: boolean;
}

const quoted = /(["'])(?:\\(?:\r\n|[\s\S])|(?!\1)[^\\\n])*\1?/y;
const openBracket = /\[(=*)\[/y;

/** The comments of a Lua script. What looks like one within a string is none. */
export function readComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  const lines = new LineCounter(text);
  let at = headLength(text);
  let isHead = true;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (text.startsWith("--", at)) {
      const { body, end } = readComment(text, at + 2);
      const { line, start } = lines.find(at);
      const isAlone = text.slice(start, at).trim() === "";
      comments.push({ line, column: at - start + 1, text: body, isAlone, isHead });
      at = end;
    } else if (character.trim() === "") at++;
    else {
      isHead = false;
      at = skipToken(text, at);
    }
  }
  return comments;
}

/** A first line that starts with `#`, and a `#syntax=` line under it, are none of Lua's. */
function headLength(text: string): number {
  return /^\ufeff?(?:#[^\n]*(?:\n#[ \t]*syntax[ \t]*=[^\n]*)?)?/.exec(text)?.[0].length ?? 0;
}

function readComment(text: string, at: number): { readonly body: string; readonly end: number } {
  const long = longEnd(text, at);
  if (long !== undefined) return { body: text.slice(long.from, long.to), end: long.end };
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  return { body: text.slice(at, end), end };
}

function skipToken(text: string, at: number): number {
  const character = text[at] ?? "";
  if (character === '"' || character === "'") {
    quoted.lastIndex = at;
    return at + (quoted.exec(text)?.[0].length ?? 1);
  }
  return (character === "[" ? longEnd(text, at)?.end : undefined) ?? at + 1;
}

function longEnd(text: string, at: number) {
  openBracket.lastIndex = at;
  const open = openBracket.exec(text);
  if (open === null) return undefined;
  const from = at + open[0].length;
  const close = `]${open[1]}]`;
  const found = text.indexOf(close, from);
  const to = found < 0 ? text.length : found;
  return { from, to, end: to + close.length };
}

class LineCounter {
  readonly #text: string;
  #line = 1;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The line of a place, which is never before that of the last call. */
  find(at: number): { readonly line: number; readonly start: number } {
    for (let next = this.#text.indexOf("\n", this.#start); next >= 0 && next < at; ) {
      this.#line++;
      this.#start = next + 1;
      next = this.#text.indexOf("\n", this.#start);
    }
    return { line: this.#line, start: this.#start };
  }
}
