/** Reads the data types of RFC 4251 from a whole message. Input that ends early throws a RangeError. */
export class SshReader {
  #position = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.take(4);
    return a * 0x1000000 + ((b << 16) | (c << 8) | d);
  }

  /** A string or an mpint: its bytes, a view of the message. */
  data(): Uint8Array {
    return this.take(this.uint32());
  }

  text(): string {
    return new TextDecoder().decode(this.data());
  }

  take(count: number): Uint8Array {
    const start = this.#position;
    this.#position += count;
    if (this.#position > this.#bytes.length) throw new RangeError("the message ends in the middle of a field");
    return this.#bytes.subarray(start, this.#position);
  }
}

/** One part of a message: a number is a uint32, a text or bytes is a string. */
export type SshPart = number | string | Uint8Array;

/** The parts one after the other. */
export function sshBytes(...parts: readonly SshPart[]): Uint8Array {
  return Buffer.concat(parts.flatMap(encodePart));
}

/** The bytes of an mpint of a number that is not negative, for a string: no zeros in front but the one for the sign. */
export function sshInteger(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((byte) => byte !== 0);
  if (first === -1) return new Uint8Array();
  const trimmed = magnitude.subarray(first);
  return (trimmed[0] ?? 0) < 0x80 ? trimmed : Buffer.concat([new Uint8Array(1), trimmed]);
}

function encodePart(part: SshPart): Uint8Array[] {
  if (typeof part === "number") return [encodeUint32(part)];
  const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
  return [encodeUint32(bytes.length), bytes];
}

function encodeUint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
