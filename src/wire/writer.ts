import { LuakitError } from "../diagnostic/luakit-error.ts";

/**
 * Writes protobuf into one growing buffer. Fields are written in the order of the calls. `begin` and `end` write a
 * message even when it is empty.
 */
export class Writer {
  length = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  // The same memory: its methods write a text in one native call, which is many times faster than a loop when cold.
  #buffer: Buffer<ArrayBuffer>;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#buffer = Buffer.from(this.#bytes.buffer);
  }

  /** A view of what was written from `start` on; the next write may make it stale. */
  view(start: number, end = this.length): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(start, end);
  }

  /** Forgets what was written from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    this.#buffer = Buffer.from(grown.buffer);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.length++] = rest;
  }

  // Negative numbers are the ten bytes of their two's complement in 64 bits.
  #negative(value: number | bigint): void {
    if (value === -1) {
      this.#bytes.fill(0xff, this.length, this.length + 9);
      this.#bytes[this.length + 9] = 1;
      this.length += 10;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      this.#bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.length++] = Number(rest);
  }

  /** A varint field, left out when it is 0. */
  number(field: number, value: number | bigint): void {
    if (value === 0 || value === 0n) return;
    this.numberEvenZero(field, value);
  }

  /** A varint field, written even when it is 0. */
  numberEvenZero(field: number, value: number | bigint): void {
    if (value >= 2 ** 64 || value < -(2 ** 63)) throw new LuakitError("llb.invalid", `${value} has more than 64 bits`);
    this.#reserve(20);
    this.#varint(field * 8);
    if (typeof value === "bigint" || value < 0) this.#negative(value);
    else this.#varint(value);
  }

  /** A bool field, left out when it is false. */
  flag(field: number, value: boolean): void {
    if (value) this.numberEvenZero(field, 1);
  }

  /** A string field, left out when it is empty. */
  text(field: number, value: string): void {
    if (value !== "") this.textEvenEmpty(field, value);
  }

  /** A string field, as elements of a list and entries of a map are written. */
  textEvenEmpty(field: number, value: string): void {
    const most = value.length * 3;
    this.#reserve(most + 20);
    this.#varint(field * 8 + 2);
    // Most texts are short and ASCII: one byte of length, and as many bytes as characters.
    const start = this.length + (value.length < 0x80 ? 1 : 4);
    const written = this.#buffer.write(value, start);
    if (written !== value.length && !value.isWellFormed()) {
      throw new LuakitError("llb.invalid", "text that is not valid UTF-8 cannot be part of a build");
    }
    const right = this.length + lengthOfVarint(written);
    if (start !== right) this.#bytes.copyWithin(right, start, start + written);
    this.#varint(written);
    this.length += written;
  }

  /** A list of strings. */
  texts(field: number, values: readonly string[]): void {
    for (const value of values) this.textEvenEmpty(field, value);
  }

  /** A bytes field, left out when it is empty. */
  data(field: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.#reserve(20);
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.raw(value);
  }

  /** Bytes that are protobuf already. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  /** Packed varints; left out when the list is empty. */
  packed(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const mark = this.begin(field);
    for (const value of values) {
      this.#reserve(10);
      if (value < 0) this.#negative(value);
      else this.#varint(value);
    }
    this.end(mark);
  }

  /** Starts a message; give what comes back to `end`. */
  begin(field: number): number {
    this.#reserve(20);
    this.#varint(field * 8 + 2);
    return ++this.length;
  }

  /** Ends the message that `begin` started. */
  end(mark: number): void {
    const size = this.length - mark;
    if (size < 0x80) {
      this.#bytes[mark - 1] = size;
      return;
    }
    this.#reserve(10);
    const extra = lengthOfVarint(size) - 1;
    this.#bytes.copyWithin(mark + extra, mark, this.length);
    this.length = mark - 1;
    this.#varint(size);
    this.length += size;
  }

  /** A map of strings, whose entries always have both fields. */
  map(field: number, entries: Iterable<readonly [string, string]>): void {
    for (const [key, value] of entries) {
      const mark = this.begin(field);
      this.textEvenEmpty(1, key);
      this.textEvenEmpty(2, value);
      this.end(mark);
    }
  }
}

function lengthOfVarint(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
