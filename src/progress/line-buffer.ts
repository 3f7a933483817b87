import { isHarmless } from "./harmless.ts";
import { settleLine } from "./log-line.ts";
import { openColors } from "./open-colors.ts";

/** Milliseconds after which an unfinished line is shown, so that prompts and progress bars are seen. */
const patience = 5000;
/** Characters after which a line is ended by force. */
const longest = 32 * 1024;

/** Lines of a log that began to come at the same time, with newlines between them. */
export interface TimedLines {
  readonly time: number;
  readonly text: string;
}

/** Cuts one stream of a log into lines that are fit for a terminal. */
export class LineBuffer {
  readonly #decoder = new TextDecoder();
  readonly #colors: "keep" | "strip";
  #open = "";
  #openedAt = 0;
  /** Colours that the line before has left on. */
  #colored: readonly string[] = [];

  constructor(colors: "keep" | "strip") {
    this.#colors = colors;
  }

  /** The lines that `bytes` complete. */
  push(bytes: Uint8Array, time: number): TimedLines[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf("\n");
    const lines = end < 0 ? [] : this.#complete(text.slice(0, end), time);
    if (this.#open === "") this.#openedAt = time;
    this.#open += text.slice(end + 1);
    if (this.#open.length > longest) lines.push(...this.finish());
    return lines;
  }

  /** Whole lines; most texts need not be looked at line by line. */
  #complete(text: string, time: number): TimedLines[] {
    if (this.#open === "" && this.#colored.length === 0 && isHarmless(text)) return [{ time, text }];
    const lines: TimedLines[] = [];
    for (const line of text.split("\n")) {
      lines.push(this.#settle(this.#open + line, this.#open === "" ? time : this.#openedAt));
      this.#open = "";
    }
    return lines;
  }

  /** The unfinished line when it has waited for long. */
  overdue(time: number): TimedLines[] {
    return this.#open !== "" && time - this.#openedAt >= patience ? this.finish() : [];
  }

  isEmpty(): boolean {
    return this.#open === "";
  }

  /** The unfinished line. */
  finish(): TimedLines[] {
    if (this.#open === "") return [];
    const line = this.#settle(this.#open, this.#openedAt);
    this.#open = "";
    return [line];
  }

  /** Colours end with the line and are taken up again in the next one, for between them may stand our own words. */
  #settle(raw: string, time: number): TimedLines {
    const settled = settleLine(raw, this.#colors);
    if (this.#colored.length === 0 && isHarmless(settled)) return { time, text: settled };
    const begin = this.#colored.map((parameters) => `\u001b[${parameters}m`).join("");
    this.#colored = openColors(this.#colored, settled);
    return { time, text: begin + settled + (this.#colored.length === 0 ? "" : "\u001b[0m") };
  }
}
