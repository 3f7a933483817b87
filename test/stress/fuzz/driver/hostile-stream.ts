import type { ByteSink, ByteStream } from "../../../../src/h2/byte-stream.ts";

/** A connection whose peer is the test: what is delivered arrives at once, what is written is kept. */
export class HostileStream implements ByteStream {
  readonly #written: Uint8Array[] = [];
  #sink: ByteSink | undefined;
  #hasClosed = false;
  hasEnded = false;

  start(sink: ByteSink): void {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#hasClosed) this.#written.push(Uint8Array.from(bytes));
    return true;
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.hasEnded = true;
  }

  destroy(): void {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    this.#sink?.close();
  }

  deliver(bytes: Uint8Array): void {
    if (!this.#hasClosed) this.#sink?.data(bytes);
  }

  deliverEnd(): void {
    if (!this.#hasClosed) this.#sink?.end();
  }

  get written(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#written));
  }
}

/** Lets promises have their turn. */
export async function settle(turns = 8): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
