import { behindJsonString, type Fault } from "./json-string.ts";

const expected = {
  value: "a value",
  "value or ]": 'a value or "]"',
  key: "a key in double quotes",
  "key or }": 'a key in double quotes or "}"',
  ":": '":"',
  ", or ]": '"," or "]"',
  ", or }": '"," or "}"',
  end: "the end",
} as const;

type State = keyof typeof expected;

const blanks = /[ \t\n\r]*/y;
const plain = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const word = /[\w.+-]{1,40}|./suy;

/** Why a text is no JSON, and where, as `JSON.parse` does not say: `line 2, column 7: a value is expected, not "}"`. */
export function findJsonFault(source: string): string | undefined {
  const fault = new Scan(source).run();
  if (fault === undefined) return undefined;
  const before = source.slice(0, fault.at).split("\n");
  return `line ${before.length}, column ${[...(before.at(-1) ?? "")].length + 1}: ${fault.reason}`;
}

class Scan {
  readonly #source: string;
  /** What stands behind a value in each of the brackets that are open. */
  readonly #open: (", or ]" | ", or }")[] = [];
  #state: State = "value";
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Fault | undefined {
    for (;;) {
      this.#skip(blanks);
      const letter = this.#source[this.#at];
      if (letter === undefined && this.#state === "end") return undefined;
      if (letter === '"' && this.#takes("value", "value or ]", "key", "key or }")) {
        const end = behindJsonString(this.#source, this.#at);
        if (typeof end !== "number") return end;
        this.#at = end;
        this.#state = this.#takes("key", "key or }") ? ":" : this.#behindValue();
      } else if (letter === undefined || !(this.#punctuation(letter) || this.#plainValue())) {
        return { at: this.#at, reason: `${expected[this.#state]} is expected, not ${this.#shown()}` };
      }
    }
  }

  #punctuation(letter: string): boolean {
    const next = this.#behindPunctuation(letter);
    if (next === undefined) return false;
    this.#at++;
    this.#state = next;
    return true;
  }

  #behindPunctuation(letter: string): State | undefined {
    if (letter === ":" && this.#takes(":")) return "value";
    if (letter === "," && this.#takes(", or ]")) return "value";
    if (letter === "," && this.#takes(", or }")) return "key";
    if ((letter === "[" || letter === "{") && this.#takes("value", "value or ]")) {
      this.#open.push(letter === "[" ? ", or ]" : ", or }");
      return letter === "[" ? "value or ]" : "key or }";
    }
    const closes = letter === "]" ? this.#takes("value or ]", ", or ]") : this.#takes("key or }", ", or }");
    if (!closes || (letter !== "]" && letter !== "}")) return undefined;
    this.#open.pop();
    return this.#behindValue();
  }

  #plainValue(): boolean {
    if (!this.#takes("value", "value or ]") || !this.#skip(plain)) return false;
    this.#state = this.#behindValue();
    return true;
  }

  #behindValue(): State {
    return this.#open.at(-1) ?? "end";
  }

  #takes(...states: readonly State[]): boolean {
    return states.includes(this.#state);
  }

  #skip(expression: RegExp): boolean {
    expression.lastIndex = this.#at;
    if (!expression.test(this.#source)) return false;
    this.#at = expression.lastIndex;
    return true;
  }

  #shown(): string {
    word.lastIndex = this.#at;
    const found = word.exec(this.#source)?.[0];
    return found === undefined ? "the end of the text" : JSON.stringify(found);
  }
}
