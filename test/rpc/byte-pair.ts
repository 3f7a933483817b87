import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";

const highWater = 64 * 1024;

/** Two byte streams in memory, each the other's peer; delivery is never inside a call. */
export function bytePair(): [MemoryStream, MemoryStream] {
  const left = new MemoryStream();
  const right = new MemoryStream();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

/** One end of a pair. `written` counts writes, `delivered` bytes that its sink was given. */
export class MemoryStream implements ByteStream {
  peer: MemoryStream | undefined;
  written = 0;
  delivered = 0;
  #sink: ByteSink | undefined;
  #inbox: (Uint8Array | "end")[] = [];
  #waiting = 0;
  #writerWaits = false;
  #paused = false;
  #closed = false;
  #sides = 2;

  start(sink: ByteSink): void {
    this.#sink = sink;
    this.#schedule();
  }

  /** What is given back is spoilt: nobody may look at it any more. */
  write(bytes: Uint8Array, release?: () => void): boolean {
    this.written++;
    const taken = new Uint8Array(bytes);
    if (release !== undefined) {
      bytes.fill(0xdd);
      queueMicrotask(release);
    }
    return this.peer?.receive(taken) ?? true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  end(): void {
    this.peer?.receive("end");
    this.#endSide();
  }

  destroy(): void {
    this.fail(undefined);
    this.peer?.fail(undefined);
  }

  /** Closes this end, as a broken connection does. */
  fail(error: Error | undefined): void {
    this.#inbox = [];
    queueMicrotask(() => this.#close(error));
  }

  receive(piece: Uint8Array | "end"): boolean {
    if (this.#closed) return true;
    this.#inbox.push(piece);
    if (piece !== "end") this.#waiting += piece.length;
    this.#schedule();
    this.#writerWaits ||= this.#waiting > highWater;
    return !this.#writerWaits;
  }

  #schedule(): void {
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    while (this.#sink !== undefined && !this.#paused && !this.#closed) {
      const piece = this.#inbox.shift();
      if (piece === undefined) break;
      if (piece === "end") {
        this.#sink.end();
        this.#endSide();
        continue;
      }
      this.#waiting -= piece.length;
      this.delivered += piece.length;
      // A sink must copy what it keeps.
      const lent = Buffer.from(piece);
      this.#sink.data(lent);
      lent.fill(0xee);
    }
    if (!this.#writerWaits || this.#waiting > highWater / 2) return;
    this.#writerWaits = false;
    this.peer?.drained();
  }

  drained(): void {
    this.#sink?.drain();
  }

  #endSide(): void {
    this.#sides--;
    if (this.#sides === 0) queueMicrotask(() => this.#close(undefined));
  }

  #close(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink?.close(error);
  }
}
