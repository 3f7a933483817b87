import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";

export interface PairOptions {
  /** Bytes under way in one direction from which on `write()` returns false; 1 MiB. */
  readonly highWater?: number;
  /** How many bytes to deliver at a time, at most; asked before each delivery. */
  readonly split?: () => number;
  /** Sees every write, with the end that made it. */
  readonly onWrite?: (side: "left" | "right", bytes: Uint8Array) => void;
}

/** Two ends of a connection in memory. Delivery is never inside a `write()`. */
export function openPair(options: PairOptions = {}): { readonly left: PairEnd; readonly right: PairEnd } {
  const left = new PairEnd("left", options);
  const right = new PairEnd("right", options);
  left.peer = right;
  right.peer = left;
  return { left, right };
}

export class PairEnd implements ByteStream {
  peer: PairEnd | undefined;
  readonly #side: "left" | "right";
  readonly #options: PairOptions;
  #sink: ByteSink | undefined;
  #incoming: (Uint8Array | "end")[] = [];
  #pending = 0;
  #isPaused = false;
  #isScheduled = false;
  #isFull = false;
  #hasEnded = false;
  #hasReceivedEnd = false;
  isClosed = false;

  constructor(side: "left" | "right", options: PairOptions) {
    this.#side = side;
    this.#options = options;
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    this.#schedule();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded || this.isClosed) return true;
    this.#options.onWrite?.(this.#side, bytes);
    return this.peer?.accept(bytes) ?? true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.peer?.accept("end");
    if (this.#hasReceivedEnd) queueMicrotask(() => this.close());
  }

  destroy(): void {
    this.close();
    this.peer?.accept("end");
  }

  close(error?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#incoming = [];
    this.#sink?.close(error);
  }

  /** The other end has written. */
  accept(bytes: Uint8Array | "end"): boolean {
    if (this.isClosed) return true;
    this.#incoming.push(bytes);
    if (bytes !== "end") this.#pending += bytes.length;
    this.#schedule();
    this.#isFull = this.#pending >= (this.#options.highWater ?? 1024 * 1024);
    return !this.#isFull;
  }

  drained(): void {
    if (!this.isClosed) this.#sink?.drain();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#sink === undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (!this.#isPaused && !this.isClosed) {
      const first = this.#incoming.shift();
      if (first === undefined) break;
      if (first === "end") this.#deliverEnd();
      else this.#deliverBytes(first);
    }
    if (!this.#isFull || this.#pending > 0) return;
    this.#isFull = false;
    this.peer?.drained();
  }

  #deliverBytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.isClosed; ) {
      const end = Math.min(bytes.length, at + (this.#options.split?.() ?? bytes.length));
      this.#sink?.data(bytes.subarray(at, end));
      at = end;
    }
    this.#pending -= bytes.length;
  }

  #deliverEnd(): void {
    this.#hasReceivedEnd = true;
    this.#sink?.end();
    if (this.#hasEnded) this.close();
  }
}
