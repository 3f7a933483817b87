/** What a token is; keywords and what Lua writes with signs are told by their text. */
export const kinds = { end: 0, name: 1, word: 2, string: 3, number: 4 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

const keywords = new Set(
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

const number = /0[xX][0-9a-fA-F.]*(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const sign = /\.\.\.|\.\.|[=~<>]=|\/\/|::|<<|>>|[-+*/%^#&~|<>=(){}[\];:,.]/y;
const openBracket = /\[(=*)\[/y;
const lineEnd = /[\r\n]|$/g;

const [tab, carriageReturn, space, quote, apostrophe, dash, dot] = [9, 13, 32, 34, 39, 45, 46];
const [zero, nine, bracket, backslash, underscore] = [48, 57, 91, 92, 95];

/** Reads one token after the other of a text that Lua has read before. Throws at what it does not know. */
export class Lexer {
  readonly text: string;
  kind: Kind = kinds.end;
  /** The text of a name, a keyword or a sign; "" of everything else. */
  value = "";
  start = 0;
  end = 0;
  /** Where the token before this one ended. */
  last = 0;

  constructor(text: string) {
    this.text = text;
    this.next();
  }

  next(): void {
    this.last = this.end;
    const at = this.#skipSpace();
    this.start = at;
    this.value = "";
    const code = this.text.charCodeAt(at);
    if (isLetter(code)) this.#readName(at);
    else if (code === quote || code === apostrophe) this.#set(kinds.string, this.#quotedEnd(at, code));
    else if (isDigit(code) || (code === dot && isDigit(this.text.charCodeAt(at + 1)))) {
      this.#set(kinds.number, this.#match(number, at));
    } else if (at >= this.text.length) this.#set(kinds.end, at);
    else if (code === bracket && this.#longEnd(at) !== undefined) this.#set(kinds.string, this.#longEnd(at) ?? at);
    else this.#readSign(at);
  }

  /** Whether the next token is the sign `=`, and not `==`. */
  isBefore(value: "="): boolean {
    const at = this.#skipSpace();
    return this.text[at] === value && this.text[at + 1] !== value;
  }

  /** The token's text as it stands. */
  raw(): string {
    return this.text.slice(this.start, this.end);
  }

  #set(kind: Kind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #readName(from: number): void {
    const { text } = this;
    let at = from + 1;
    for (let code = text.charCodeAt(at); isLetter(code) || isDigit(code); code = text.charCodeAt(at)) at++;
    this.value = text.slice(from, at);
    this.#set(keywords.has(this.value) ? kinds.word : kinds.name, at);
  }

  #readSign(at: number): void {
    const end = this.#match(sign, at);
    this.value = this.text.slice(at, end);
    this.#set(kinds.word, end);
  }

  #match(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    if (!pattern.test(this.text)) throw new SyntaxError(`no token at ${at}`);
    return pattern.lastIndex;
  }

  #skipSpace(): number {
    const { text } = this;
    for (let at = this.end; ; ) {
      const code = text.charCodeAt(at);
      if (code === space || (code >= tab && code <= carriageReturn)) at++;
      else if (code === dash && text.charCodeAt(at + 1) === dash) at = this.#commentEnd(at + 2);
      else return at;
    }
  }

  #commentEnd(at: number): number {
    const long = this.text.charCodeAt(at) === bracket ? this.#longEnd(at) : undefined;
    if (long !== undefined) return long;
    lineEnd.lastIndex = at;
    return lineEnd.exec(this.text)?.index ?? this.text.length;
  }

  #longEnd(at: number): number | undefined {
    openBracket.lastIndex = at;
    const open = openBracket.exec(this.text);
    if (open === null) return undefined;
    const close = `]${open[1]}]`;
    const found = this.text.indexOf(close, at + open[0].length);
    if (found < 0) throw new SyntaxError(`no end of what begins at ${at}`);
    return found + close.length;
  }

  #quotedEnd(from: number, mark: number): number {
    const { text } = this;
    for (let at = from + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === mark) return at + 1;
      if (code === backslash) at++;
    }
    throw new SyntaxError(`no end of what begins at ${from}`);
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === underscore;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
