import type { Display, OpenDisplay, Schedule } from "./display.ts";
import { type FrameSettings, finalFrame, liveFrame, type Result, type Size } from "./frame.ts";
import type { ProgressOutput, Variables } from "./output.ts";
import type { Trace } from "./trace.ts";

/** Milliseconds between frames. */
const pace = 100;
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const eraseLine = "\u001b[2K";
const eraseBelow = "\u001b[J";

export interface TtyOptions extends FrameSettings {
  readonly now: () => number;
  readonly schedule: Schedule;
}

const standardLogLines = 6;

export const openTty: OpenDisplay = (trace, output, { variables, ...options }) =>
  new TtyDisplay(trace, output, { ...options, logLines: parseLogLines(variables) });

function parseLogLines({ BUILDKIT_TTY_LOG_LINES: text = "" }: Variables): number {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : standardLogLines;
}

/**
 * Frames that are drawn over each other. The cursor stands below the frame and is hidden only within one write, so that
 * whatever ends the process leaves a sound terminal behind.
 */
export class TtyDisplay implements Display {
  readonly #trace: Trace;
  readonly #output: ProgressOutput;
  readonly #options: TtyOptions;
  /** The lines on the screen, and for which size they were made. */
  #shown: readonly string[] = [];
  #columns = 0;
  #stop: (() => void) | undefined;

  constructor(trace: Trace, output: ProgressOutput, options: TtyOptions) {
    this.#trace = trace;
    this.#output = output;
    this.#options = options;
  }

  update(): void {
    this.#stop ??= this.#options.schedule(() => this.#tick(), pace);
  }

  notice(text: string): void {
    const above = this.#leaveFrame() + (this.#shown.length === 0 ? "" : eraseBelow) + terminated(text);
    const live = this.#stop === undefined ? [] : this.#live();
    this.#shown = live;
    this.#columns = this.#output.columns();
    this.#output.write(above + terminated(live.join("\n")));
  }

  end(result: Result): void {
    this.#stop?.();
    this.#stop = undefined;
    // What failed before anything was shown needs no frame that says so.
    if (result !== "done" && this.#trace.started.length === 0 && this.#shown.length === 0) return;
    const { now, style } = this.#options;
    this.#draw(finalFrame(this.#trace, result, this.#size().columns, now(), style));
    this.#shown = [];
  }

  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#output.write(terminated(lines.join("\n")));
  }

  #tick(): void {
    if (this.#output.ready?.() !== false) this.#draw(this.#live());
    this.#stop = this.#options.schedule(() => this.#tick(), pace);
  }

  #live(): string[] {
    return liveFrame(this.#trace, this.#size(), this.#options.now(), this.#options);
  }

  #size(): Size {
    const columns = this.#output.columns();
    const rows = this.#output.rows();
    return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
  }

  /** Writes what differs from the frame before, in one write; nothing when nothing does. */
  #draw(lines: readonly string[]): void {
    const { columns } = this.#size();
    const fresh = columns !== this.#columns;
    const before = fresh ? [] : this.#shown;
    const changes = lines.map((line, index) => (line === before[index] ? "\r\n" : `${eraseLine}${line}\r\n`));
    const same = before.length === lines.length && lines.every((line, index) => line === before[index]);
    const text = this.#leaveFrame() + (fresh ? eraseBelow : "") + changes.join("");
    const rest = before.length > lines.length ? eraseBelow : "";
    this.#shown = lines;
    this.#columns = columns;
    if (!same) this.#output.write(hideCursor + text + rest + showCursor);
  }

  /** Moves to the first line of the frame. In a narrower window the terminal has wrapped its lines. */
  #leaveFrame(): string {
    const { columns } = this.#size();
    const lines =
      columns >= this.#columns
        ? this.#shown.length
        : this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / columns)), 0);
    return lines === 0 ? "" : `\u001b[${lines}A`;
  }
}

function terminated(text: string): string {
  return text === "" ? "" : `${text.replaceAll("\n", "\r\n")}\r\n`;
}
