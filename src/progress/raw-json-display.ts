import type { StatusResponse } from "../gen/control.ts";
import type { Display, OpenDisplay, Schedule } from "./display.ts";
import type { ProgressOutput } from "./output.ts";
import { formatRawJson } from "./raw-json.ts";

/** Milliseconds and characters up to which messages are gathered for one write. */
const pace = 20;
const most = 64 * 1024;

export const openRawJson: OpenDisplay = (_, output, { schedule }) => new RawJsonDisplay(output, schedule);

/** Every message as a line of JSON, and nothing else. */
export class RawJsonDisplay implements Display {
  readonly #output: ProgressOutput;
  readonly #schedule: Schedule;
  #stop: (() => void) | undefined;
  #text = "";

  constructor(output: ProgressOutput, schedule: Schedule) {
    this.#output = output;
    this.#schedule = schedule;
  }

  update(status: StatusResponse): void {
    this.#text += `${formatRawJson(status)}\n`;
    if (this.#text.length >= most) this.#write();
    else this.#stop ??= this.#schedule(() => this.#write(), pace);
  }

  notice(): void {}

  end(): void {
    this.#write();
  }

  print(): void {}

  #write(): void {
    this.#stop?.();
    this.#stop = undefined;
    if (this.#text !== "") this.#output.write(this.#text);
    this.#text = "";
  }
}
