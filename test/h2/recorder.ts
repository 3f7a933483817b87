import type { HeaderList, StreamSink } from "../../src/h2/connection.ts";

/** A sink that remembers what it was told, data as one text per stretch. */
export class Recorder implements StreamSink {
  readonly events: string[] = [];
  readonly #chunks: Buffer[] = [];
  error: Error | undefined;

  headers(list: HeaderList, ended: boolean): void {
    this.#note(`headers ${format(list)}${ended ? " end" : ""}`);
  }

  data(bytes: Uint8Array): void {
    this.#chunks.push(Buffer.from(bytes));
    const last = this.events.at(-1);
    const text = Buffer.from(bytes).toString("latin1");
    if (last?.startsWith("data ") === true) this.events[this.events.length - 1] = last + text;
    else this.events.push(`data ${text}`);
  }

  end(): void {
    this.#note("end");
  }

  reset(error: Error, code: number): void {
    this.error = error;
    this.#note(`reset ${code}`);
  }

  drain(): void {
    this.#note("drain");
  }

  /** All data. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #note(event: string): void {
    this.events.push(event);
  }
}

export function format(list: HeaderList): string {
  return list.map(([name, value]) => `${name}=${value}`).join(" ");
}
