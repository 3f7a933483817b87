import { read, writeSync } from "node:fs";
import type { ByteSink, ByteStream } from "../h2/byte-stream.ts";

const chunk = 64 * 1024;

/**
 * This process's stdin and stdout as one stream. Writes wait for the reader, so that nothing is ever left half written
 * while a script runs; a daemon always reads.
 */
export class StdioStream implements ByteStream {
  readonly #input: number;
  readonly #output: number;
  readonly #buffer = new Uint8Array(chunk);
  #sink: ByteSink | undefined;
  #paused = false;
  #waiting = false;
  #closed = false;

  constructor(input = 0, output = 1) {
    this.#input = input;
    this.#output = output;
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    this.#read();
  }

  write(bytes: Uint8Array, release?: () => void): boolean {
    let written = 0;
    while (written < bytes.length && !this.#closed) {
      try {
        written += writeSync(this.#output, bytes, written);
      } catch (error) {
        if (codeOf(error) === "EAGAIN") Bun.sleepSync(1);
        else this.#close(error);
      }
    }
    release?.();
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  // Both ends go with the process.
  end(): void {}

  destroy(): void {
    this.#close(undefined);
  }

  #read(): void {
    if (this.#waiting || this.#paused || this.#closed) return;
    this.#waiting = true;
    read(this.#input, this.#buffer, 0, chunk, null, (error, length) => {
      this.#waiting = false;
      if (this.#closed) return;
      if (error !== null && codeOf(error) === "EAGAIN") {
        setTimeout(() => this.#read(), 1);
        return;
      }
      if (error !== null) return this.#close(error);
      if (length === 0) {
        this.#sink?.end();
        return this.#close(undefined);
      }
      this.#sink?.data(this.#buffer.subarray(0, length));
      this.#read();
    });
  }

  #close(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    // Never within a write, whose caller is not ready for it.
    queueMicrotask(() => this.#sink?.close(error instanceof Error ? error : undefined));
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
