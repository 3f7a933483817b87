import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { makeStatus, rpcError, statusCode } from "./status.ts";

/** The most bytes that a message may have in either direction; BuildKit sets the same on both of its ends. */
export const messageLimit = 16 * 1024 * 1024;

const headLength = 5;

/** Throws "rpc.resource-exhausted" for a message that is too large to send. */
export function checkLength(length: number): void {
  if (length > messageLimit) throw tooLarge("to send", length);
}

/** What stands before a message of `length` bytes: not compressed, length. Throws as {@link checkLength} does. */
export function messageHead(length: number): Uint8Array {
  checkLength(length);
  const head = new Uint8Array(headLength);
  head[1] = length >>> 24;
  head[2] = length >>> 16;
  head[3] = length >>> 8;
  head[4] = length;
  return head;
}

/** The largest message whose memory is kept for the next. */
const mostKept = 128 * 1024;

/** Puts messages together from pieces of any size, copying each byte once. */
export class MessageReader {
  /** Messages are read when they have been given: all are put together in the same memory. */
  isBorrowed = false;
  #kept: Uint8Array | undefined;
  readonly #head = new Uint8Array(headLength);
  #headFilled = 0;
  #body: Uint8Array | undefined;
  #bodyFilled = 0;

  /** True between messages: an end here cuts none. */
  get isEmpty(): boolean {
    return this.#headFilled === 0;
  }

  /**
   * Reads on in `bytes` from `from`: gives the index after the last byte taken, and the message that it completed, which
   * is the caller's unless it is borrowed. Throws what {@link rpcError} makes for a message that is compressed or too large.
   */
  read(bytes: Uint8Array, from: number): { readonly next: number; readonly message: Uint8Array | undefined } {
    let next = from;
    if (this.#body === undefined) {
      next = this.#readHead(bytes, next);
      if (this.#headFilled < headLength) return { next, message: undefined };
      this.#body = this.#room(this.#readLength());
    }
    const body = this.#body;
    const end = Math.min(bytes.length, next + body.length - this.#bodyFilled);
    body.set(bytes.subarray(next, end), this.#bodyFilled);
    this.#bodyFilled += end - next;
    if (this.#bodyFilled < body.length) return { next: end, message: undefined };
    this.#headFilled = 0;
    this.#bodyFilled = 0;
    this.#body = undefined;
    return { next: end, message: body };
  }

  #room(length: number): Uint8Array {
    if (!this.isBorrowed || length > mostKept) return room(length);
    if (this.#kept === undefined || this.#kept.length < length) this.#kept = room(Math.min(mostKept, length * 2));
    return this.#kept.subarray(0, length);
  }

  #readHead(bytes: Uint8Array, from: number): number {
    let next = from;
    while (this.#headFilled < headLength && next < bytes.length) this.#head[this.#headFilled++] = bytes[next++] ?? 0;
    return next;
  }

  #readLength(): number {
    const head = this.#head;
    if (head[0] !== 0) throw rpcError(makeStatus(statusCode.unimplemented, "the peer sent a compressed message"));
    const length = (head[1] ?? 0) * 0x1000000 + (((head[2] ?? 0) << 16) | ((head[3] ?? 0) << 8) | (head[4] ?? 0));
    if (length > messageLimit) throw tooLarge("received", length);
    return length;
  }
}

/** A small message is sooner filled with zeros than memory is asked for that is not. */
function room(length: number): Uint8Array {
  return length < 65536 ? new Uint8Array(length) : Bun.allocUnsafe(length);
}

function tooLarge(what: string, length: number): LuakitError {
  const text = `a message ${what} has ${length} bytes, more than the ${messageLimit} that BuildKit takes`;
  return rpcError(makeStatus(statusCode.resourceExhausted, text));
}
