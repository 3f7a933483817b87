import { errorCode, Http2Error } from "./http2-error.ts";

/**
 * Lengths in bits of the codes of RFC 7541 appendix B, by symbol; the last one is EOS. The code is canonical: shorter
 * codes first, equal lengths in the order of their symbols, so the lengths say it all.
 */
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];

const endOfString = 256;
const longest = 30;

/** Decodes HPACK's Huffman strings. */
export class HuffmanDecoder {
  /** By the next 8 bits: symbol and length (4 bits) of a code of at most 8 bits; 0 for the longer ones. */
  readonly #short = new Uint16Array(256);
  readonly #symbols = new Uint16Array(codeLengths.length);
  /** By length: the first code, how many there are, and where their symbols start. */
  readonly #first = new Uint32Array(longest + 1);
  readonly #count = new Uint32Array(longest + 1);
  readonly #start = new Uint32Array(longest + 1);

  constructor() {
    for (const bits of codeLengths) this.#count[bits] = (this.#count[bits] ?? 0) + 1;
    for (let length = 1, code = 0, start = 0; length <= longest; length++) {
      code *= 2;
      this.#first[length] = code;
      this.#start[length] = start;
      code += this.#count[length] ?? 0;
      start += this.#count[length] ?? 0;
    }
    const next = this.#start.slice();
    for (let symbol = 0; symbol < codeLengths.length; symbol++) {
      const length = codeLengths[symbol] ?? 0;
      const place = next[length] ?? 0;
      next[length] = place + 1;
      this.#symbols[place] = symbol;
      if (length > 8) continue;
      const code = (this.#first[length] ?? 0) + place - (this.#start[length] ?? 0);
      this.#short.fill((symbol << 4) | length, code << (8 - length), (code + 1) << (8 - length));
    }
  }

  /** The bytes that `from` to `to` of `bytes` stand for. */
  decode(bytes: Uint8Array, from: number, to: number): Buffer {
    const out = Buffer.allocUnsafe(Math.floor(((to - from) * 8) / 5));
    const end = to * 8;
    let written = 0;
    for (let at = from * 8; at < end; ) {
      const bits = peek(bytes, at, to);
      const short = this.#short[bits >>> 24] ?? 0;
      const length = short === 0 ? this.#longLength(bits) : short & 15;
      if (at + length > end) {
        if (end - at > 7 || bits !== 0xffffffff) throw invalid("padding");
        break;
      }
      const symbol = short === 0 ? this.#longSymbol(bits, length) : short >>> 4;
      if (symbol === endOfString) throw invalid("end of string");
      out[written++] = symbol;
      at += length;
    }
    return out.subarray(0, written);
  }

  #longLength(bits: number): number {
    for (let length = 9; length < longest; length++) {
      if ((bits >>> (32 - length)) - (this.#first[length] ?? 0) < (this.#count[length] ?? 0)) return length;
    }
    return longest;
  }

  #longSymbol(bits: number, length: number): number {
    const order = (bits >>> (32 - length)) - (this.#first[length] ?? 0);
    return this.#symbols[(this.#start[length] ?? 0) + order] ?? endOfString;
  }
}

/** 32 bits from bit `at` on, with ones behind the byte `to`. */
function peek(bytes: Uint8Array, at: number, to: number): number {
  const index = at >>> 3;
  const byte = (offset: number) => (index + offset < to ? (bytes[index + offset] ?? 255) : 255);
  const word = (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3);
  const shift = at & 7;
  return ((word << shift) | (byte(4) >>> (8 - shift))) >>> 0;
}

function invalid(what: string): Http2Error {
  return new Http2Error(errorCode.compressionError, `Huffman code: wrong ${what}`);
}
