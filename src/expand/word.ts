import { LuakitError } from "../diagnostic/luakit-error.ts";

/** What may follow a variable's name in `${NAME…}`; a colon before `-`, `+` and `?` makes an empty value count as unset. */
export type Operator = "-" | "+" | "?" | "#" | "%" | "/" | "//";

/** One piece of a word. */
export type WordPart =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "variable";
      readonly name: string;
      /** How it is written, `$` included. */
      readonly source: string;
      readonly operator?: Operator | undefined;
      readonly emptyIsUnset: boolean;
      /** What follows the operator: a default, a message or a pattern. */
      readonly word: Word;
      /** Only with `/` and `//`. */
      readonly replacement: Word;
    };

/** Text with variables in it, taken apart. */
export type Word = readonly WordPart[];

export interface WordSyntax {
  /** Default: a backslash. */
  readonly escape?: string | undefined;
  /** Whether quotes quote. They do not in heredocs. Default: true. */
  readonly quotes?: boolean | undefined;
}

/** Takes a word apart by the rules of BuildKit's frontend/dockerfile/shell/lex.go. Throws "script.argument". */
export function parseWord(text: string, syntax: WordSyntax = {}): Word {
  const reader = new WordReader(text, syntax.escape ?? "\\", syntax.quotes ?? true);
  return reader.read(undefined, false);
}

/** The names of all variables in a word. */
export function variablesOf(word: Word): readonly string[] {
  return word.flatMap((part) =>
    part.type === "text" ? [] : [part.name, ...variablesOf(part.word), ...variablesOf(part.replacement)],
  );
}

/** The text of a word without variables; undefined if it has one. */
export function constantOf(word: Word): string | undefined {
  return word.every((part) => part.type === "text") ? word.map((part) => part.text).join("") : undefined;
}

const none: Word = [];

class WordReader {
  readonly #characters: readonly string[];
  readonly #escape: string;
  readonly #quotes: boolean;
  #at = 0;

  constructor(text: string, escapeToken: string, quotes: boolean) {
    this.#characters = [...text];
    this.#escape = escapeToken;
    this.#quotes = quotes;
  }

  /** Up to `stop`, which is taken too, or to the end. Patterns keep their escapes. */
  read(stop: string | undefined, keepEscapes: boolean): Word {
    const parts: WordPart[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === stop) {
        this.#at++;
        return joined(parts);
      }
      parts.push(...this.#readPiece(next, keepEscapes));
    }
    if (stop === undefined) return joined(parts);
    throw broken(`"${stop}" is missing`);
  }

  #readPiece(next: string, keepEscapes: boolean): Word {
    if (next === "$") return [this.#readDollar()];
    if (this.#quotes && next === "'") return this.#readSingleQuoted();
    if (this.#quotes && next === '"') return this.#readDoubleQuoted(keepEscapes);
    this.#at++;
    if (next !== this.#escape) return textPart(next);
    const escaped = this.#take() ?? "";
    return textPart(keepEscapes ? next + escaped : escaped);
  }

  #readSingleQuoted(): Word {
    const end = this.#characters.indexOf("'", this.#at + 1);
    if (end < 0) throw broken("a single quote is not closed");
    const text = this.#characters.slice(this.#at + 1, end).join("");
    this.#at = end + 1;
    return textPart(text);
  }

  #readDoubleQuoted(keepEscapes: boolean): Word {
    const parts: WordPart[] = [];
    this.#at++;
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === "$") {
        parts.push(this.#readDollar());
        continue;
      }
      this.#at++;
      if (next === '"') return parts;
      parts.push(...textPart(next === this.#escape ? this.#quotedEscape(keepEscapes) : next));
    }
    throw broken("a double quote is not closed");
  }

  #quotedEscape(keepEscapes: boolean): string {
    const next = this.#peek();
    const kept = keepEscapes ? this.#escape : "";
    if (next === undefined) return kept;
    if (next !== '"' && next !== "$" && next !== this.#escape) return kept + this.#escape;
    this.#at++;
    return kept + next;
  }

  #readDollar(): WordPart {
    const start = this.#at++;
    if (this.#peek() !== "{") {
      const name = this.#readName();
      return name === "" ? { type: "text", text: "$" } : this.#variable(start, name);
    }
    this.#at++;
    const first = this.#peek();
    if (first === undefined) throw broken('"}" is missing');
    if (first === "{" || first === "}" || first === ":") throw broken("a name is missing after ${");
    return this.#readBraced(start, this.#readName());
  }

  #readBraced(start: number, name: string): WordPart {
    let operator = this.#take() ?? "";
    if (operator === "}") return this.#variable(start, name);
    if (operator === "") throw broken('"}" is missing');
    const emptyIsUnset = operator === ":";
    if (emptyIsUnset) operator = this.#take() ?? "";
    if (operator === "/" && !emptyIsUnset) return this.#readReplacement(start, name);
    const isPattern = operator === "#" || operator === "%";
    if (!isOperator(operator) || (emptyIsUnset && isPattern)) {
      throw broken(`"${emptyIsUnset ? ":" : ""}${operator}" after a variable's name is unknown`);
    }
    const word = this.read("}", isPattern);
    return { ...this.#variable(start, name), operator, emptyIsUnset, word };
  }

  #readReplacement(start: number, name: string): WordPart {
    const all = this.#peek() === "/";
    if (all) this.#at++;
    const word = this.read("/", true);
    const replacement = this.read("}", true);
    return { ...this.#variable(start, name), operator: all ? "//" : "/", word, replacement };
  }

  #variable(start: number, name: string) {
    const source = this.#characters.slice(start, this.#at).join("");
    return { type: "variable", name, emptyIsUnset: false, word: none, replacement: none, source } as const;
  }

  #readName(): string {
    const start = this.#at;
    const first = this.#peek() ?? "";
    if (/^[@*#?\-$!]$/.test(first)) this.#at++;
    else {
      const isPart = /^\p{Nd}$/u.test(first) ? /^\p{Nd}$/u : /^[\p{L}\p{Nd}_]$/u;
      while (isPart.test(this.#peek() ?? "")) this.#at++;
    }
    return this.#characters.slice(start, this.#at).join("");
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string | undefined {
    return this.#characters[this.#at++];
  }
}

function textPart(text: string): Word {
  return text === "" ? none : [{ type: "text", text }];
}

function joined(parts: readonly WordPart[]): Word {
  const word: WordPart[] = [];
  for (const part of parts) {
    const last = word.at(-1);
    if (part.type === "text" && last?.type === "text") word[word.length - 1] = { ...part, text: last.text + part.text };
    else word.push(part);
  }
  return word;
}

function isOperator(text: string): text is "-" | "+" | "?" | "#" | "%" {
  return text.length === 1 && "-+?#%".includes(text);
}

function broken(message: string): LuakitError {
  return new LuakitError("script.argument", message);
}
