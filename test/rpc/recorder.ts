import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";

/** A sink that remembers; `closed` resolves with the error of `close()`. */
export class Recorder implements ByteSink {
  readonly events: string[] = [];
  readonly closed: Promise<Error | undefined>;
  bytes = new Uint8Array();
  /** Counts instead of keeping. */
  total = 0;
  drains = 0;
  readonly #keep: boolean;
  readonly #close: (error: Error | undefined) => void;
  #wake: (() => void)[] = [];

  constructor(keep = true) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#close = resolve;
    this.#keep = keep;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  data(bytes: Uint8Array): void {
    this.total += bytes.length;
    if (this.#keep) this.bytes = Uint8Array.from([...this.bytes, ...bytes]);
    this.#notify();
  }

  drain(): void {
    this.drains++;
    this.#notify();
  }

  end(): void {
    this.events.push("end");
    this.#notify();
  }

  close(error?: Error): void {
    this.events.push("close");
    this.#close(error);
    this.#notify();
  }

  /** Waits for events until `done()` is true. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Starts a stream with a sink that remembers. */
export function record(stream: ByteStream, keep = true): Recorder {
  const recorder = new Recorder(keep);
  stream.start(recorder);
  return recorder;
}
