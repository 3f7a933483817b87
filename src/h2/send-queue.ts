import type { HeaderList } from "./header-list.ts";

const nothing = new Uint8Array(0);

/** Headers whose turn has come; `ends`: with END_STREAM. */
export interface QueuedHeaders {
  readonly list: HeaderList;
  readonly ends: boolean;
}

/** What a stream has yet to send, in order: perhaps headers, then data, then perhaps trailers, then its end. */
export class SendQueue {
  /** Headers to go before the data. */
  headers: HeaderList | undefined;
  /** They end the stream. */
  headersEnd = false;
  /** Headers to go behind the data; they end the stream. */
  trailers: HeaderList | undefined;
  /** Nothing can be added: `trailers` or an END_STREAM flag comes last. */
  isEnded = false;
  /** Data, and who is to hear that what is before them was moved. */
  #parts: (Uint8Array | (() => void))[] = [];
  #first = 0;
  #offset = 0;
  #size = 0;

  /** Bytes of data. */
  get size(): number {
    return this.#size;
  }

  /** The headers that come next, if any: trailers when nothing is before them. */
  takeHeaders(): QueuedHeaders | undefined {
    if (this.headers !== undefined) {
      const taken = { list: this.headers, ends: this.headersEnd };
      this.headers = undefined;
      return taken;
    }
    if (this.trailers === undefined || this.#size > 0) return undefined;
    const taken = { list: this.trailers, ends: true };
    this.trailers = undefined;
    return taken;
  }

  push(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#size += part.length;
  }

  /** Calls back when all data that are there now have been moved; never, when they are cleared before. */
  whenMoved(callback: () => void): void {
    if (this.#size === 0) callback();
    else this.#parts.push(callback);
  }

  /** Moves the next `length` bytes of data, which are there, to `out`. */
  copyTo(out: Uint8Array, at: number, length: number): void {
    this.#size -= length;
    const end = at + length;
    for (let next = at; next < end; ) {
      const part = this.#parts[this.#first];
      if (part === undefined || typeof part === "function") return;
      const left = part.length - this.#offset;
      const take = Math.min(left, end - next);
      // To make a view for `set()` costs as much as to copy some kilobytes.
      Buffer.prototype.copy.call(part, out, next, this.#offset, this.#offset + take);
      next += take;
      if (take < left) this.#offset += take;
      else this.#next();
    }
  }

  clear(): void {
    this.headers = undefined;
    this.trailers = undefined;
    this.#parts = [];
    this.#first = 0;
    this.#offset = 0;
    this.#size = 0;
  }

  /** Lets go of the first part, and tells those who wait for that. */
  #next(): void {
    this.#offset = 0;
    this.#parts[this.#first++] = nothing;
    for (let next = this.#parts[this.#first]; typeof next === "function"; next = this.#parts[this.#first]) {
      this.#parts[this.#first++] = nothing;
      next();
    }
    if (this.#first === this.#parts.length) {
      this.#parts.length = 0;
      this.#first = 0;
    } else if (this.#first >= 64) {
      this.#parts.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
