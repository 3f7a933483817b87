import type { ByteString } from "./byte-string.ts";
import { packetType } from "./packet.ts";
import type { Stat, Xattr } from "./stat.ts";

/** Packets share memory. */
export const slabSize = 256 * 1024;
/** What may stand before the data of a packet: a type, an id, a tag and a length. */
export const dataHeadSize = 16;

/** Makes packets. The memory of each is its own; with `whenTaken` only until it was sent and copied. */
export class PacketWriter {
  readonly #whenTaken: ((callback: () => void) => void) | undefined;
  readonly #spare: Buffer[] = [];
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;
  readonly #long = new BigInt64Array(1);
  readonly #halves = new Uint32Array(this.#long.buffer);

  /** `whenTaken` calls back when all that was sent so far has been copied: then each packet must be sent before the next. */
  constructor(whenTaken?: (callback: () => void) => void) {
    this.#whenTaken = whenTaken;
  }

  stat(stat: Stat): Uint8Array {
    const { buffer, start } = this.#reserve(mostBytes(stat));
    const body = start + 6;
    let at = writeText(buffer, body, 0x0a, stat.path);
    at = writeNumber(buffer, at, 0x10, stat.mode);
    at = writeNumber(buffer, at, 0x18, stat.uid);
    at = writeNumber(buffer, at, 0x20, stat.gid);
    at = writeNumber(buffer, at, 0x28, stat.size);
    at = this.#writeLong(buffer, at, 0x30, stat.modTime);
    if (stat.linkname !== "") at = writeText(buffer, at, 0x3a, stat.linkname);
    at = writeNumber(buffer, at, 0x40, stat.devmajor);
    at = writeNumber(buffer, at, 0x48, stat.devminor);
    for (const xattr of stat.xattrs) at = writeXattr(buffer, at, xattr);
    const first = body - 1 - varintSize(at - body);
    buffer[first] = 0x12;
    writeVarint(buffer, first + 1, at - body);
    return this.#take(buffer, first, at);
  }

  /** The packet behind the last entry of a list: a message of no bytes. */
  endOfList(): Uint8Array {
    return new Uint8Array(0);
  }

  request(id: number): Uint8Array {
    return this.#head(packetType.request, id);
  }

  /** The next bytes of a file: `read` puts at most `most` of them at a place, and gives how many. */
  data(id: number, most: number, read: (buffer: Buffer, start: number) => number): Uint8Array | undefined {
    const { buffer, start } = this.#reserve(dataHeadSize + most);
    const from = start + dataHeadSize;
    const length = read(buffer, from);
    if (length === 0) return undefined;
    return this.#take(buffer, writeDataHead(buffer, from, packetType.data, { id, length }), from + length);
  }

  /** A data packet without data: the file ends. */
  endOfFile(id: number): Uint8Array {
    return this.#head(packetType.data, id);
  }

  fin(): Uint8Array {
    return this.#head(packetType.fin, 0);
  }

  error(text: string): Uint8Array {
    const bytes = Buffer.from(text, "utf8");
    const { buffer, start } = this.#reserve(dataHeadSize + bytes.length);
    const from = start + dataHeadSize;
    buffer.set(bytes, from);
    const first = writeDataHead(buffer, from, packetType.error, { id: 0, length: bytes.length });
    return this.#take(buffer, first, from + bytes.length);
  }

  #head(type: number, id: number): Uint8Array {
    const { buffer, start } = this.#reserve(dataHeadSize);
    buffer[start] = 0x08;
    buffer[start + 1] = type;
    return this.#take(buffer, start, writeNumber(buffer, start + 2, 0x18, id));
  }

  #reserve(size: number): { readonly buffer: Buffer; readonly start: number } {
    if (size > slabSize) return { buffer: Buffer.allocUnsafeSlow(size), start: 0 };
    if (this.#used + size > this.#slab.length) {
      const full = this.#slab;
      if (full.length > 0) this.#whenTaken?.(() => this.#spare.push(full));
      this.#slab = this.#spare.pop() ?? Buffer.allocUnsafeSlow(slabSize);
      this.#used = 0;
    }
    return { buffer: this.#slab, start: this.#used };
  }

  #take(buffer: Buffer, start: number, end: number): Uint8Array {
    if (buffer === this.#slab) this.#used = end;
    return buffer.subarray(start, end);
  }

  /** In halves of 32 bits, as a bigint for each byte is slow. */
  #writeLong(buffer: Buffer, start: number, tag: number, value: bigint): number {
    if (value === 0n) return start;
    this.#long[0] = value;
    let [low = 0, high = 0] = this.#halves;
    buffer[start] = tag;
    let at = start + 1;
    while (high !== 0 || low >= 0x80) {
      buffer[at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    buffer[at] = low;
    return at + 1;
  }
}

function mostBytes({ path, linkname, xattrs }: Stat): number {
  const extra = xattrs.reduce((sum, { name, value }) => sum + name.length + value.length + 24, 0);
  return 100 + path.length + linkname.length + extra;
}

/** Writes the head of a packet whose data start at `end`, and gives where the head starts. */
function writeDataHead(
  buffer: Buffer,
  end: number,
  type: number,
  { id, length }: { readonly id: number; readonly length: number },
): number {
  const start = end - 3 - varintSize(length) - (id === 0 ? 0 : 1 + varintSize(id));
  buffer[start] = 0x08;
  buffer[start + 1] = type;
  const at = writeNumber(buffer, start + 2, 0x18, id);
  buffer[at] = 0x22;
  writeVarint(buffer, at + 1, length);
  return start;
}

function writeText(buffer: Buffer, start: number, tag: number, text: ByteString): number {
  buffer[start] = tag;
  const at = writeVarint(buffer, start + 1, text.length);
  return at + buffer.write(text, at, "latin1");
}

function writeXattr(buffer: Buffer, start: number, { name, value }: Xattr): number {
  buffer[start] = 0x52;
  const size = 2 + varintSize(name.length) + name.length + varintSize(value.length) + value.length;
  let at = writeVarint(buffer, start + 1, size);
  at = writeText(buffer, at, 0x0a, name);
  buffer[at] = 0x12;
  at = writeVarint(buffer, at + 1, value.length);
  buffer.set(value, at);
  return at + value.length;
}

/** A varint field, left out when it is 0. */
function writeNumber(buffer: Buffer, start: number, tag: number, value: number): number {
  if (value === 0) return start;
  buffer[start] = tag;
  return writeVarint(buffer, start + 1, value);
}

function writeVarint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    buffer[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[at] = rest;
  return at + 1;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}
