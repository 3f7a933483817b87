/** A program with its arguments in a shell's text. Quotes are taken off; what only the shell knows stays: `$HOME`. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Its output goes into the next command of the same list. */
  readonly feedsPipe: boolean;
}

const reserved = new Set(["if", "then", "elif", "else", "while", "until", "do", "{", "}", "!", "time", "fi", "done"]);
/** What runs the program that its arguments name, with the flags of it that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: ["-u", "-g", "-h", "-p"],
  doas: ["-u"],
  env: ["-u", "-C"],
  exec: ["-a"],
  command: [],
  nice: ["-n"],
  nohup: [],
  eatmydata: [],
};

/** The commands of a shell's text in their order, those of substitutions before the one that they are part of. */
export function parseShell(text: string): readonly ShellCommand[] {
  return new ShellReader(text).read();
}

/** The program that a command runs in the end, without its directory, and its arguments. */
export function programOf({ words }: ShellCommand): { readonly name: string; readonly args: readonly string[] } {
  let rest = words;
  for (;;) {
    while (/^\w+\+?=/.test(rest[0] ?? "")) rest = rest.slice(1);
    const name = (rest[0] ?? "").split("/").at(-1) ?? "";
    const valued = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (valued === undefined) return { name, args: rest.slice(1) };
    rest = rest.slice(1);
    while (rest[0]?.startsWith("-")) rest = rest.slice(valued.includes(rest[0]) ? 2 : 1);
  }
}

/** Substitutions within each other beyond this are text. */
const deepest = 50;

/** What means nothing but itself, wherever it stands. */
const plain = /[^\\'"$`#\s<>;&|()]+/y;

class ShellReader {
  readonly #text: string;
  readonly #depth: number;
  readonly #commands: ShellCommand[] = [];
  readonly #heredocs: string[] = [];
  #at = 0;
  #words: string[] = [];
  /** Absent between words. */
  #word: string | undefined;
  /** The next word is the file of a redirection, or the end of a here-document. */
  #redirects: "file" | "heredoc" | undefined;

  constructor(text: string, depth = 0) {
    this.#text = text;
    this.#depth = depth;
  }

  /** Reads to the end, or to `close`. */
  read(close?: string): readonly ShellCommand[] {
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] === close) break;
      this.#step();
    }
    this.#endCommand(false);
    return this.#commands;
  }

  #step(): void {
    plain.lastIndex = this.#at;
    const run = plain.exec(this.#text)?.[0];
    if (run !== undefined) {
      this.#add(run, run.length);
      return;
    }
    const character = this.#text[this.#at] ?? "";
    if (character === "\\") this.#escape();
    else if (character === "'") this.#quote();
    else if (character === '"') this.#doubleQuote();
    else if (character === "$") this.#dollar();
    else if (character === "`") this.#nested("`", 1);
    else if (character === "#" && this.#word === undefined) this.#at = this.#find("\n");
    else if (/\s/.test(character)) this.#space(character);
    else if (/[<>]/.test(character)) this.#redirect(character);
    else if (/[;&|()]/.test(character)) this.#operator(character);
    else this.#add(character, 1);
  }

  #add(text: string, length: number): void {
    this.#word = (this.#word ?? "") + text;
    this.#at += length;
  }

  #find(text: string, from = this.#at): number {
    const found = this.#text.indexOf(text, from);
    return found < 0 ? this.#text.length : found;
  }

  #escape(): void {
    if (this.#text[this.#at + 1] === "\n") this.#at += 2;
    else this.#add(this.#text[this.#at + 1] ?? "", 2);
  }

  #quote(): void {
    const end = this.#find("'", this.#at + 1);
    this.#add(this.#text.slice(this.#at + 1, end), end + 1 - this.#at);
  }

  #doubleQuote(): void {
    this.#add("", 1);
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const character = this.#text[this.#at] ?? "";
      if (character === "\\") this.#escape();
      else if (character === "$") this.#dollar();
      else if (character === "`") this.#nested("`", 1);
      else this.#add(character, 1);
    }
    this.#at++;
  }

  #dollar(): void {
    const rest = this.#text.slice(this.#at, this.#at + 3);
    if (rest === "$((") this.#until("))");
    else if (rest.startsWith("$(")) this.#nested(")", 2);
    else if (rest.startsWith("${")) this.#until("}");
    else this.#add("$", 1);
  }

  #until(close: string): void {
    const end = this.#find(close) + close.length;
    this.#add(this.#text.slice(this.#at, end), end - this.#at);
  }

  #nested(close: string, lead: number): void {
    if (this.#depth >= deepest) {
      this.#add(this.#text.slice(this.#at, this.#at + lead), lead);
      return;
    }
    const inner = new ShellReader(this.#text, this.#depth + 1);
    inner.#at = this.#at + lead;
    this.#commands.push(...inner.read(close));
    this.#add("$()", inner.#at + 1 - this.#at);
  }

  #space(character: string): void {
    this.#at++;
    this.#endWord();
    if (character !== "\n") return;
    this.#endCommand(false);
    for (const end of this.#heredocs.splice(0)) this.#skipHeredoc(end);
  }

  #skipHeredoc(end: string): void {
    while (this.#at < this.#text.length) {
      const line = this.#text.slice(this.#at, this.#find("\n"));
      this.#at += line.length + 1;
      if (line.replace(/^\t+/, "") === end) return;
    }
  }

  #redirect(character: string): void {
    if (/^\d+$/.test(this.#word ?? "")) this.#word = undefined;
    this.#endWord();
    const operator =
      /^(<<<|<<-?|>>|>\||>&|<&|<>|[<>])/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0] ?? character;
    this.#at += operator.length;
    if (this.#text[this.#at] === "(") this.#nested(")", 1);
    this.#redirects = operator.startsWith("<<") && operator !== "<<<" ? "heredoc" : "file";
  }

  #operator(character: string): void {
    const next = this.#text[this.#at + 1];
    if (character === "&" && next === ">") {
      this.#at++;
      return;
    }
    const isPipe = character === "|" && next !== "|";
    this.#at += next === character || (isPipe && next === "&") ? 2 : 1;
    this.#endWord();
    this.#endCommand(isPipe);
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = undefined;
    if (word === undefined) return;
    const redirects = this.#redirects;
    this.#redirects = undefined;
    if (redirects === "heredoc") this.#heredocs.push(word);
    if (redirects !== undefined) return;
    if (this.#words.length === 0 && reserved.has(word)) return;
    this.#words.push(word);
  }

  #endCommand(feedsPipe: boolean): void {
    this.#endWord();
    this.#redirects = undefined;
    const words = this.#words;
    this.#words = [];
    if (words.length > 0) this.#commands.push({ words, feedsPipe });
    else if (feedsPipe) this.#feedLast();
  }

  /** After `done` or `}`: what the last command of the block writes goes into the pipe. */
  #feedLast(): void {
    const last = this.#commands.pop();
    if (last !== undefined) this.#commands.push({ ...last, feedsPipe: true });
  }
}
