import { settleLine } from "./log-line.ts";

/** Milliseconds after which an unfinished line is shown, so that prompts and progress bars are seen. */
const patience = 5000;
/** Characters after which a line is ended by force. */
const longest = 32 * 1024;

/** A line of a log, and when it began to come. */
export interface TimedLine {
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
  #color = "";

  constructor(colors: "keep" | "strip") {
    this.#colors = colors;
  }

  /** The lines that `bytes` complete. */
  push(bytes: Uint8Array, time: number): TimedLine[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    const parts = text.split("\n");
    const last = parts.pop() ?? "";
    const lines: TimedLine[] = [];
    for (const part of parts) {
      lines.push(this.#settle(this.#open + part, this.#open === "" ? time : this.#openedAt));
      this.#open = "";
    }
    if (this.#open === "") this.#openedAt = time;
    this.#open += last;
    if (this.#open.length > longest) lines.push(...this.finish());
    return lines;
  }

  /** The unfinished line when it has waited for long. */
  overdue(time: number): TimedLine[] {
    return this.#open !== "" && time - this.#openedAt >= patience ? this.finish() : [];
  }

  isEmpty(): boolean {
    return this.#open === "";
  }

  /** The unfinished line. */
  finish(): TimedLine[] {
    if (this.#open === "") return [];
    const line = this.#settle(this.#open, this.#openedAt);
    this.#open = "";
    return [line];
  }

  #settle(raw: string, time: number): TimedLine {
    const settled = settleLine(raw, this.#colors);
    if (this.#color === "" && !settled.includes("\u001b")) return { time, text: settled };
    return { time, text: this.#closeColors(this.#color + settled) };
  }

  /** Colours end with the line and are taken up again in the next one, for between them may stand our own words. */
  #closeColors(text: string): string {
    const colors = text
      .split("\u001b[")
      .slice(1)
      .map((part) => part.slice(0, part.indexOf("m")));
    const reset = colors.findLastIndex((color) => /^(0+(;0+)*)?$/.test(color));
    this.#color = colors
      .slice(reset + 1)
      .slice(-8)
      .map((color) => `\u001b[${color}m`)
      .join("");
    return this.#color === "" ? text : `${text}\u001b[0m`;
  }
}
