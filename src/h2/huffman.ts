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

/** By the next 8 bits: symbol and length (4 bits) of a code of at most 8 bits; 0 for the longer ones, which few texts have. */
const shortCodes = [
  773, 773, 773, 773, 773, 773, 773, 773, 789, 789, 789, 789, 789, 789, 789, 789, 805, 805, 805, 805, 805, 805, 805,
  805, 1557, 1557, 1557, 1557, 1557, 1557, 1557, 1557, 1589, 1589, 1589, 1589, 1589, 1589, 1589, 1589, 1621, 1621, 1621,
  1621, 1621, 1621, 1621, 1621, 1685, 1685, 1685, 1685, 1685, 1685, 1685, 1685, 1781, 1781, 1781, 1781, 1781, 1781,
  1781, 1781, 1845, 1845, 1845, 1845, 1845, 1845, 1845, 1845, 1861, 1861, 1861, 1861, 1861, 1861, 1861, 1861, 518, 518,
  518, 518, 598, 598, 598, 598, 726, 726, 726, 726, 742, 742, 742, 742, 758, 758, 758, 758, 822, 822, 822, 822, 838,
  838, 838, 838, 854, 854, 854, 854, 870, 870, 870, 870, 886, 886, 886, 886, 902, 902, 902, 902, 918, 918, 918, 918,
  982, 982, 982, 982, 1046, 1046, 1046, 1046, 1526, 1526, 1526, 1526, 1574, 1574, 1574, 1574, 1606, 1606, 1606, 1606,
  1638, 1638, 1638, 1638, 1654, 1654, 1654, 1654, 1670, 1670, 1670, 1670, 1734, 1734, 1734, 1734, 1750, 1750, 1750,
  1750, 1766, 1766, 1766, 1766, 1798, 1798, 1798, 1798, 1830, 1830, 1830, 1830, 1878, 1878, 1878, 1878, 935, 935, 1063,
  1063, 1079, 1079, 1095, 1095, 1111, 1111, 1127, 1127, 1143, 1143, 1159, 1159, 1175, 1175, 1191, 1191, 1207, 1207,
  1223, 1223, 1239, 1239, 1255, 1255, 1271, 1271, 1287, 1287, 1303, 1303, 1319, 1319, 1335, 1335, 1351, 1351, 1367,
  1367, 1383, 1383, 1399, 1399, 1431, 1431, 1703, 1703, 1719, 1719, 1815, 1815, 1895, 1895, 1911, 1911, 1927, 1927,
  1943, 1943, 1959, 1959, 616, 680, 712, 952, 1416, 1448, 0, 0,
];

/** Decodes HPACK's Huffman strings. */
export class HuffmanDecoder {
  #long: LongCodes | undefined;

  /** The bytes that `from` to `to` of `bytes` stand for. */
  decode(bytes: Uint8Array, from: number, to: number): Buffer {
    const out = Buffer.allocUnsafe(Math.floor(((to - from) * 8) / 5));
    let written = 0;
    let at = from;
    // The last bits before `at` that are not decoded, and how many they are.
    let held = 0;
    let bits = 0;
    for (;;) {
      if (bits < 8 && at < to) {
        held = ((held << 8) | (bytes[at++] ?? 0)) & 0xffff;
        bits += 8;
      }
      if (bits === 0) break;
      const short = shortCodes[(bits >= 8 ? held >>> (bits - 8) : (held << (8 - bits)) | (0xff >>> bits)) & 0xff] ?? 0;
      if (short === 0) {
        const start = at * 8 - bits;
        const code = this.#readLong(bytes, start, to);
        if (code === undefined) break;
        out[written++] = code.symbol;
        const next = start + code.length;
        bits = (8 - (next & 7)) & 7;
        at = (next + 7) >>> 3;
        held = bytes[at - 1] ?? 0;
        continue;
      }
      const left = bits - (short & 15);
      if (left < 0) {
        const ones = (1 << bits) - 1;
        if ((held & ones) !== ones) throw invalid("padding");
        break;
      }
      out[written++] = short >>> 4;
      bits = left;
    }
    return out.subarray(0, written);
  }

  /** The code at bit `start`; undefined for the padding before `to`. */
  #readLong(bytes: Uint8Array, start: number, to: number): { symbol: number; length: number } | undefined {
    this.#long ??= new LongCodes();
    const bits = peek(bytes, start, to);
    const code = this.#long.find(bits);
    const left = to * 8 - start;
    if (code.length > left) {
      if (left > 7 || bits !== 0xffffffff) throw invalid("padding");
      return undefined;
    }
    if (code.symbol === endOfString) throw invalid("end of string");
    return code;
  }
}

/** The codes of more than 8 bits. */
class LongCodes {
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
    }
  }

  /** The one that 32 bits begin with. */
  find(bits: number): { symbol: number; length: number } {
    let length = 9;
    while (length < longest && this.#order(bits, length) >= (this.#count[length] ?? 0)) length++;
    return { length, symbol: this.#symbols[(this.#start[length] ?? 0) + this.#order(bits, length)] ?? endOfString };
  }

  #order(bits: number, length: number): number {
    return (bits >>> (32 - length)) - (this.#first[length] ?? 0);
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
