/** Bytes that wait to be written, copied into pieces of memory that are used again and again. */
export class Batches {
  readonly #batchSize: number;
  /** All but the last are full; the last is filled up to `#filled`. */
  readonly #waiting: Uint8Array[] = [];
  #filled = 0;
  readonly #spare: Uint8Array[] = [];
  /** How many bytes wait. */
  size = 0;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  /** Copies the bytes. */
  add(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const batch = this.#open();
      const end = Math.min(bytes.length, from + batch.length - this.#filled);
      batch.set(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end), this.#filled);
      this.#filled += end - from;
      from = end;
    }
    this.size += bytes.length;
  }

  /** The oldest batch, full unless it is the only one: the caller's until {@link giveBack}. */
  take(): Uint8Array | undefined {
    const batch = this.#waiting.shift();
    if (batch === undefined) return undefined;
    const taken = this.#waiting.length === 0 ? batch.subarray(0, this.#filled) : batch;
    this.size -= taken.length;
    return taken;
  }

  /** The bytes of a batch were written: its memory is used again. */
  giveBack(batch: Uint8Array): void {
    this.#spare.push(new Uint8Array(batch.buffer));
  }

  /** A batch with room. */
  #open(): Uint8Array {
    const last = this.#waiting.at(-1);
    if (last !== undefined && this.#filled < last.length) return last;
    const batch = this.#spare.pop() ?? Bun.allocUnsafe(this.#batchSize);
    this.#waiting.push(batch);
    this.#filled = 0;
    return batch;
  }
}
