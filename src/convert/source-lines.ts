import { type Heredoc, heredocsOf, mayHaveHeredocs } from "./heredoc.ts";
import { syntaxError } from "./syntax-error.ts";

/** One instruction as it stands in the file: continuation lines joined, comments and heredocs taken out. */
export interface SourceInstruction {
  /** Counted from 1. */
  readonly line: number;
  /** What the lines make together. */
  readonly text: string;
  /** The same in the file's own lines, without continuation characters and line ends. */
  readonly pieces: readonly string[];
  /** The comments above it and within it, without `#`. */
  readonly comments: readonly string[];
  readonly heredocs: readonly Heredoc[];
}

export interface SourceLines {
  readonly instructions: readonly SourceInstruction[];
  /** A backslash or a backtick. */
  readonly escapeToken: string;
  /** Parser directives by name. */
  readonly directives: ReadonlyMap<string, string>;
  /** Comments after the last instruction. */
  readonly comments: readonly string[];
}

/** Splits a Dockerfile by the rules of BuildKit's frontend/dockerfile/parser. Throws "convert.syntax". */
export function splitLines(text: string): SourceLines {
  const { directives, escapeToken } = readDirectives(text);
  const reader = new LineReader(text, escapeToken, directives.size);
  const instructions: SourceInstruction[] = [];
  for (let next = reader.read(); next !== undefined; next = reader.read()) instructions.push(next);
  return { instructions, escapeToken, directives, comments: reader.comments };
}

function readDirectives(text: string): { directives: Map<string, string>; escapeToken: string } {
  const directives = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const [, key = "", value = ""] = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*([^\n]+?)\s*$/.exec(line) ?? [];
    const name = key.toLowerCase();
    if (!["syntax", "escape", "check"].includes(name)) break;
    if (directives.has(name)) throw syntaxError(`the directive "${name}" is there twice`, directives.size + 1);
    directives.set(name, value);
  }
  const escapeToken = directives.get("escape") ?? "\\";
  if (escapeToken === "\\" || escapeToken === "`") return { directives, escapeToken };
  throw syntaxError(`the escape character is \\ or \`, not "${escapeToken}"`, 1);
}

class LineReader {
  readonly #lines: readonly string[];
  readonly #continued: RegExp;
  #at: number;
  #comments: string[] = [];

  constructor(text: string, escapeToken: string, directives: number) {
    this.#lines = text.replace(/^\uFEFF/, "").split("\n");
    if (this.#lines.at(-1) === "") this.#lines = this.#lines.slice(0, -1);
    const token = `\\${escapeToken}`;
    this.#continued = new RegExp(`(^|[^${token}])${token}[ \\t]*$`);
    this.#at = directives;
  }

  /** Those that stand over no instruction so far. */
  get comments(): readonly string[] {
    return this.#comments;
  }

  read(): SourceInstruction | undefined {
    while (this.#at < this.#lines.length) {
      const first = trimEnd(this.#lines[this.#at++]).trimStart();
      const line = this.#at;
      if (first.startsWith("#")) this.#comments.push(first.slice(1).trim());
      else if (first !== "" && !(this.#continued.test(first) && this.#isLast())) {
        const pieces = this.#readPieces(first);
        if (pieces.length > 0) return this.#finish(line, pieces);
      }
    }
    return undefined;
  }

  #isLast(): boolean {
    return this.#at >= this.#lines.length && this.#lines[this.#at - 1]?.trim().length === 1;
  }

  #readPieces(first: string): string[] {
    const pieces = [first.replace(this.#continued, "$1")];
    let isOpen = this.#continued.test(first);
    while (isOpen && this.#at < this.#lines.length) {
      const line = trimEnd(this.#lines[this.#at++]);
      if (line.trimStart().startsWith("#")) this.#comments.push(line.trim().slice(1).trim());
      else if (line.trim() !== "") {
        isOpen = this.#continued.test(line);
        pieces.push(line.replace(this.#continued, "$1"));
      }
    }
    return pieces;
  }

  #finish(line: number, pieces: readonly string[]): SourceInstruction {
    const text = pieces.join("");
    const heredocs = mayHaveHeredocs(text) ? heredocsOf(text).map((each) => this.#readHeredoc(each, line)) : [];
    const comments = this.#comments;
    this.#comments = [];
    return { line, text, pieces, comments, heredocs };
  }

  #readHeredoc(heredoc: Heredoc, line: number): Heredoc {
    const content: string[] = [];
    while (this.#at < this.#lines.length) {
      const next = this.#lines[this.#at++] ?? "";
      const end = trimEnd(next);
      if ((heredoc.chomp ? end.replace(/^\t+/, "") : end) === heredoc.name) {
        return { ...heredoc, content: content.map((each) => `${each}\n`).join("") };
      }
      content.push(next);
    }
    throw syntaxError(`the heredoc "${heredoc.name}" is not ended`, line);
  }
}

function trimEnd(line: string | undefined): string {
  return line?.replace(/\r+$/, "") ?? "";
}
