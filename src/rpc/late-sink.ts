import type { ByteSink } from "../h2/byte-stream.ts";

/** Keeps what a stream delivers until the sink is there that it is for. */
export class LateSink implements ByteSink {
  #sink: ByteSink | undefined;
  #waiting: ((sink: ByteSink) => void)[] = [];

  attach(sink: ByteSink): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#sink = sink;
    for (const call of waiting) call(sink);
  }

  data(bytes: Uint8Array): void {
    if (this.#sink !== undefined) {
      this.#sink.data(bytes);
      return;
    }
    const kept = new Uint8Array(bytes);
    this.#waiting.push((sink) => sink.data(kept));
  }

  drain(): void {
    this.#deliver((sink) => sink.drain());
  }

  end(): void {
    this.#deliver((sink) => sink.end());
  }

  close(error?: Error): void {
    this.#deliver((sink) => sink.close(error));
  }

  #deliver(call: (sink: ByteSink) => void): void {
    if (this.#sink === undefined) this.#waiting.push(call);
    else call(this.#sink);
  }
}
