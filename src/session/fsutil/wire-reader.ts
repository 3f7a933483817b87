import type { ByteString } from "./byte-string.ts";

/** Reads protobuf's wire format as packets need it: texts as bytes, times as one bigint. Throws a RangeError. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A varint; beyond 2^53 its last digits are rounded. */
  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number is longer than 64 bits");
  }

  /** A varint of 64 bits with a sign. Read in parts of 28 bits, as a bigint for each byte is slow. */
  long(): bigint {
    const low = this.#part(4);
    if (low < 0) return BigInt(~low);
    const middle = this.#part(4);
    if (middle < 0) return BigInt(low) | (BigInt(~middle) << 28n);
    const high = this.#part(2);
    if (high >= 0) throw new RangeError("a number is longer than 64 bits");
    return BigInt.asIntN(64, BigInt(low) | (BigInt(middle) << 28n) | (BigInt(~high) << 56n));
  }

  /** A view. */
  bytes(): Uint8Array {
    const start = this.#span();
    return this.#bytes.subarray(start, this.#at);
  }

  text(): ByteString {
    const start = this.#span();
    // To make a Buffer of the same memory costs more than all else that is done with a message.
    return Buffer.prototype.toString.call(this.#bytes, "latin1", start, this.#at);
  }

  skip(wireType: number): void {
    if (wireType === 0) this.number();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#span();
    else if (wireType === 5) this.#advance(4);
    else throw new RangeError(`the wire type ${wireType} does not exist`);
  }

  /** Up to `count` bytes of a varint; inverted when it ended in them. */
  #part(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << (index * 7);
      if (byte < 0x80) return ~value;
    }
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("the message ends in the middle of a field");
    return byte;
  }

  #span(): number {
    const length = this.number();
    const start = this.#at;
    this.#advance(length);
    return start;
  }

  #advance(count: number): void {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new RangeError("the message ends in the middle of a field");
  }
}
