/** Most bytes of a step's log that are kept. */
const limit = 256 * 1024;
const smallest = 1024;
const mostMarks = 4096;

/** The newest bytes of a step's log, in a ring that grows up to 256 KiB. */
export class LogTail {
  #ring = new Uint8Array(smallest);
  #total = 0;
  /** Where in the log (of all bytes ever) each message began, and when it came. */
  #marks: { readonly offset: number; readonly time: number }[] = [];

  /** Bytes that were ever appended. */
  get total(): number {
    return this.#total;
  }

  append(bytes: Uint8Array, time: number): void {
    if (bytes.length === 0) return;
    this.#mark(time);
    this.#grow(Math.min(limit, this.#total + bytes.length));
    const size = this.#ring.length;
    const kept = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes;
    const end = this.#total + bytes.length;
    const at = (end - kept.length) % size;
    const first = Math.min(kept.length, size - at);
    this.#ring.set(kept.subarray(0, first), at);
    this.#ring.set(kept.subarray(first), 0);
    this.#total = end;
  }

  /** The newest bytes, `most` or as many as there are. */
  newest(most: number): Uint8Array {
    const size = this.#ring.length;
    const length = Math.min(most, size, this.#total);
    const at = (this.#total - length) % size;
    const bytes = new Uint8Array(length);
    const first = this.#ring.subarray(at, Math.min(size, at + length));
    bytes.set(first);
    bytes.set(this.#ring.subarray(0, length - first.length), first.length);
    return bytes;
  }

  /** When the byte at `offset` of the whole log came. */
  timeAt(offset: number): number {
    let low = 0;
    let high = this.#marks.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return this.#marks[low]?.time ?? 0;
  }

  #mark(time: number): void {
    if (this.#marks.at(-1)?.time === time) return;
    this.#marks.push({ offset: this.#total, time });
    if (this.#marks.length > mostMarks) this.#marks = this.#marks.slice(mostMarks / 2);
  }

  /** Only a ring that was never full grows, so that its bytes lie in order. */
  #grow(needed: number): void {
    let size = this.#ring.length;
    if (size >= needed) return;
    while (size < needed) size *= 2;
    const ring = new Uint8Array(Math.min(size, limit));
    ring.set(this.#ring.subarray(0, this.#total));
    this.#ring = ring;
  }
}
