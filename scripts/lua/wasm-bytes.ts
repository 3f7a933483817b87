/** Bytes, or numbers below 256. */
export type Bytes = readonly number[] | Uint8Array;

/** A section of a WebAssembly module. */
export interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Of WebAssembly's binary format. */
export const sectionIds = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

const header: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

export function readSections(module: Uint8Array): readonly Section[] {
  const sections: Section[] = [];
  for (let at = header.length; at < module.length; ) {
    const { value, next } = readUnsigned(module, at + 1);
    sections.push({ id: module[at] ?? 0, body: module.subarray(next, next + value) });
    at = next + value;
  }
  return sections;
}

/** The module of these sections, some of them with another body. */
export function writeModule(sections: readonly Section[], changed: Readonly<Record<number, Uint8Array>>): Uint8Array {
  return concat([header, ...sections.flatMap(({ id, body }) => [[id], sized(changed[id] ?? body)])]);
}

/** A list: how many items, and the items. */
export function vector(items: readonly Bytes[]): Uint8Array {
  return concat([unsigned(items.length), ...items]);
}

/** `vector` with more items at its end. */
export function append(vector: Uint8Array, items: readonly Bytes[]): Uint8Array {
  const { value, next } = readUnsigned(vector, 0);
  return concat([unsigned(value + items.length), vector.subarray(next), ...items]);
}

/** Bytes after their number. */
export function sized(bytes: Bytes): Uint8Array {
  return concat([unsigned(bytes.length), bytes]);
}

export function name(text: string): Uint8Array {
  return sized(new TextEncoder().encode(text));
}

export function concat(parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** LEB128, unsigned and signed, of numbers below 2^31. */
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

export function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

export function readUnsigned(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let at = from, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

type EndOf = (bytes: Uint8Array, at: number) => number;

/** The items of a list as they are written; `endOf` tells where the one at a place ends. */
export function readVector(section: Uint8Array, endOf: EndOf): Uint8Array[] {
  const items: Uint8Array[] = [];
  let { value: count, next } = readUnsigned(section, 0);
  for (; count > 0; count--) {
    const end = endOf(section, next);
    items.push(section.subarray(next, end));
    next = end;
  }
  return items;
}

/** As `readVector`, of items that begin with names, the last of which is theirs. */
export function readNames(section: Uint8Array, names: 1 | 2, endOf: EndOf): { name: string; bytes: Uint8Array }[] {
  return readVector(section, endOf).map((bytes) => {
    let text = "";
    for (let at = 0, left: number = names; left > 0; left--) {
      const { value, next } = readUnsigned(bytes, at);
      at = next + value;
      text = new TextDecoder().decode(bytes.subarray(next, at));
    }
    return { name: text, bytes };
  });
}
