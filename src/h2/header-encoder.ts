import type { HeaderList } from "./header-list.ts";
import { entryOverhead, HeaderTable } from "./header-table.ts";
import { staticFieldIndex, staticNameIndex, staticTable } from "./static-table.ts";

/** What we use of the peer's dynamic table, at most: RFC 9113's default. */
const tableLimit = 4096;

/** Larger fields would push everything else out of the table. */
const largestIndexed = tableLimit / 4;

/** Values that change with every message, and those that a table must not give away (RFC 7541 section 7.1). */
const unindexed: readonly string[] = ["grpc-timeout", "grpc-message", "grpc-status-details-bin", "content-length"];
const neverIndexed: readonly string[] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/** HPACK (RFC 7541), writing: tables, no Huffman codes. Blocks must reach the peer in the order of the calls. */
export class HeaderEncoder {
  /** Order of insertion of what the dynamic table holds, by name, and by name and value. */
  readonly #dynamic = new Map<string, number>();
  readonly #table: HeaderTable;
  #smallestSize: number | undefined;
  #out = Buffer.allocUnsafe(1024);
  #at = 0;

  constructor() {
    this.#table = new HeaderTable(tableLimit, ({ field }, order) => {
      for (const key of [field[0], pairKey(field[0], field[1])]) {
        if (this.#dynamic.get(key) === order) this.#dynamic.delete(key);
      }
    });
  }

  /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE. */
  limitTable(size: number): void {
    const capacity = Math.min(size, tableLimit);
    if (capacity === this.#table.capacity && this.#smallestSize === undefined) return;
    this.#smallestSize = Math.min(capacity, this.#smallestSize ?? this.#table.capacity);
    this.#table.resize(capacity);
  }

  /** The block; it is overwritten by the next call. */
  encode(headers: HeaderList): Uint8Array {
    this.#at = 0;
    this.#announceSize();
    for (const [name, value] of headers) this.#writeField(name, value);
    return this.#out.subarray(0, this.#at);
  }

  /**
   * RFC 7541 section 4.2: a size no larger than the smallest since the last block, then the size that counts. The first
   * is 0: Go's decoder takes a second one only when its table is empty.
   */
  #announceSize(): void {
    if (this.#smallestSize === undefined) return;
    const { capacity } = this.#table;
    if (this.#smallestSize < capacity) {
      this.#table.resize(0);
      this.#table.resize(capacity);
      this.#writeInteger(0x20, 5, 0);
    }
    this.#writeInteger(0x20, 5, capacity);
    this.#smallestSize = undefined;
  }

  #writeField(name: string, value: string): void {
    const first = staticNameIndex(name);
    const key = pairKey(name, value);
    const known = staticFieldIndex(first, name, value) || this.#dynamicIndex(key);
    if (known !== 0) {
      this.#writeInteger(0x80, 7, known);
      return;
    }
    const nameIndex = first || this.#dynamicIndex(name);
    const size = Buffer.byteLength(name) + Buffer.byteLength(value) + entryOverhead;
    if (neverIndexed.includes(name)) {
      this.#writeInteger(0x10, 4, nameIndex);
    } else if (unindexed.includes(name) || size > largestIndexed || size > this.#table.capacity) {
      this.#writeInteger(0, 4, nameIndex);
    } else {
      this.#writeInteger(0x40, 6, nameIndex);
      this.#dynamic.set(name, this.#table.inserted).set(key, this.#table.inserted);
      this.#table.insert([name, value], size);
    }
    if (nameIndex === 0) this.#writeText(name);
    this.#writeText(value);
  }

  /** 0: it is not there. */
  #dynamicIndex(key: string): number {
    const order = this.#dynamic.get(key);
    return order === undefined ? 0 : staticTable.length + this.#table.inserted - order;
  }

  #writeInteger(pattern: number, prefix: number, value: number): void {
    this.#reserve(6);
    const mask = (1 << prefix) - 1;
    if (value < mask) {
      this.#out[this.#at++] = pattern | value;
      return;
    }
    this.#out[this.#at++] = pattern | mask;
    let rest = value - mask;
    for (; rest >= 0x80; rest >>>= 7) this.#out[this.#at++] = (rest & 0x7f) | 0x80;
    this.#out[this.#at++] = rest;
  }

  #writeText(text: string): void {
    const length = Buffer.byteLength(text);
    this.#writeInteger(0, 7, length);
    this.#reserve(length);
    this.#at += this.#out.write(text, this.#at, "utf8");
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#at + bytes));
    larger.set(this.#out.subarray(0, this.#at));
    this.#out = larger;
  }
}

function pairKey(name: string, value: string): string {
  return `${name}\n${value}`;
}
