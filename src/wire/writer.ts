import { LuakitError } from "../diagnostic/luakit-error.ts";

/** Fields below have a tag of one byte. */
const oneByte = 16;

/**
 * Writes protobuf into one growing buffer. Fields are written in the order of the calls. `begin` and `end` write a
 * message even when it is empty.
 */
export class Writer {
  length = 0;
  // No private names: getting at those takes twice as long while code is cold.
  private bytes: Uint8Array<ArrayBuffer>;
  private capacity: number;
  // The same memory: its methods write a text in one native call, which is many times faster than a loop when cold.
  private buffer: Buffer<ArrayBuffer>;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
    this.capacity = capacity;
    this.buffer = Buffer.from(this.bytes.buffer);
  }

  /** A view of what was written from `start` on; the next write may make it stale. */
  view(start: number, end = this.length): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(start, end);
  }

  /** Forgets what was written from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.capacity) this.grow(needed);
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.capacity * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.capacity = grown.length;
    this.buffer = Buffer.from(grown.buffer);
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  // Negative numbers are the ten bytes of their two's complement in 64 bits.
  private negative(value: number | bigint): void {
    if (value === -1) {
      this.bytes.fill(0xff, this.length, this.length + 9);
      this.bytes[this.length + 9] = 1;
      this.length += 10;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  /** A varint field, left out when it is 0. */
  number(field: number, value: number | bigint): void {
    if (value !== 0 && value !== 0n) this.numberEvenZero(field, value);
  }

  /** A varint field, written even when it is 0. */
  numberEvenZero(field: number, value: number | bigint): void {
    if (value >= 2 ** 64 || value < -(2 ** 63)) throw new LuakitError("llb.invalid", `${value} has more than 64 bits`);
    if (this.length + 20 > this.capacity) this.grow(this.length + 20);
    if (field < oneByte && value >= 0 && value < 0x80) {
      this.bytes[this.length++] = field * 8;
      this.bytes[this.length++] = Number(value);
      return;
    }
    this.varint(field * 8);
    if (typeof value === "bigint" || value < 0) this.negative(value);
    else this.varint(value);
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
    const before = this.length;
    if (before + most + 20 > this.capacity) this.grow(before + most + 20);
    // Nearly all texts are short and ASCII: one byte of tag and of length, and as many bytes as characters.
    if (field < oneByte && value.length < 0x80 && this.buffer.write(value, before + 2) === value.length) {
      this.bytes[before] = field * 8 + 2;
      this.bytes[before + 1] = value.length;
      this.length = before + 2 + value.length;
      return;
    }
    this.varint(field * 8 + 2);
    const start = this.length + (value.length < 0x80 ? 1 : 4);
    const written = this.buffer.write(value, start);
    if (written !== value.length && !value.isWellFormed()) {
      throw new LuakitError("llb.invalid", "text that is not valid UTF-8 cannot be part of a build");
    }
    const right = this.length + lengthOfVarint(written);
    if (start !== right) this.bytes.copyWithin(right, start, start + written);
    this.varint(written);
    this.length += written;
  }

  /** A list of strings. */
  texts(field: number, values: readonly string[]): void {
    for (let at = 0; at < values.length; at++) this.textEvenEmpty(field, values[at] ?? "");
  }

  /** A bytes field, left out when it is empty. */
  data(field: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.reserve(20);
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes that are protobuf already. */
  raw(value: Uint8Array): void {
    const size = value.length;
    if (this.length + size > this.capacity) this.grow(this.length + size);
    this.bytes.set(value, this.length);
    this.length += size;
  }

  /** Bytes that are protobuf already, as ASCII text; writes nothing and gives false when it is not ASCII. */
  ascii(bytes: string): boolean {
    const at = this.length;
    const size = bytes.length;
    if (at + size * 3 > this.capacity) this.grow(at + size * 3);
    if (this.buffer.write(bytes, at) !== size) return false;
    this.length = at + size;
    return true;
  }

  /** Bytes that are protobuf already, as a text with a character for each. */
  latin1(bytes: string): void {
    const size = bytes.length;
    if (this.length + size > this.capacity) this.grow(this.length + size);
    this.buffer.write(bytes, this.length, "latin1");
    this.length += size;
  }

  /** Packed varints; left out when the list is empty. */
  packed(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const mark = this.begin(field);
    for (const value of values) {
      this.reserve(10);
      if (value < 0) this.negative(value);
      else this.varint(value);
    }
    this.end(mark);
  }

  /** Starts a message; give what comes back to `end`. */
  begin(field: number): number {
    if (this.length + 20 > this.capacity) this.grow(this.length + 20);
    if (field < oneByte) this.bytes[this.length++] = field * 8 + 2;
    else this.varint(field * 8 + 2);
    return ++this.length;
  }

  /** Ends the message that `begin` started. */
  end(mark: number): void {
    const size = this.length - mark;
    if (size < 0x80) {
      this.bytes[mark - 1] = size;
      return;
    }
    this.reserve(10);
    const extra = lengthOfVarint(size) - 1;
    this.bytes.copyWithin(mark + extra, mark, this.length);
    this.length = mark - 1;
    this.varint(size);
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
