/** What the loader of an ELF executable or library for a 64 bit little-endian machine looks at. */
export interface Elf {
  readonly machine: "x86-64" | "aarch64";
  /** Of an executable: the program that loads it. */
  readonly loader: string | undefined;
  /** The libraries that must be there. */
  readonly needed: readonly string[];
}

const machines = new Map([
  [62, "x86-64"],
  [183, "aarch64"],
] as const);
const segmentTypes = { load: 1, dynamic: 2, loader: 3 } as const;
const dynamicTags = { needed: 1n, strings: 5n } as const;

export function readElf(file: Uint8Array): Elf {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) throw new Error("no ELF file");
  const machine = machines.get(view.getUint16(18, true) as 62 | 183);
  if (machine === undefined) throw new Error(`machine ${view.getUint16(18, true)}`);
  const segments = Array.from({ length: view.getUint16(56, true) }, (_, index) => {
    const at = Number(view.getBigUint64(32, true)) + index * view.getUint16(54, true);
    const [offset, address] = [view.getBigUint64(at + 8, true), view.getBigUint64(at + 16, true)].map(Number);
    return {
      type: view.getUint32(at, true),
      offset: offset ?? 0,
      address: address ?? 0,
      size: Number(view.getBigUint64(at + 32, true)),
    };
  });
  const text = (at: number) => new TextDecoder().decode(file.subarray(at, file.indexOf(0, at)));
  const loader = segments.find(({ type }) => type === segmentTypes.loader);
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  const entries = Array.from({ length: (dynamic?.size ?? 0) / 16 }, (_, index) => {
    const at = (dynamic?.offset ?? 0) + index * 16;
    return { tag: view.getBigInt64(at, true), value: Number(view.getBigUint64(at + 8, true)) };
  });
  const strings = entries.find(({ tag }) => tag === dynamicTags.strings)?.value ?? 0;
  const home = segments.findLast(({ type, address }) => type === segmentTypes.load && address <= strings);
  const start = strings - (home?.address ?? 0) + (home?.offset ?? 0);
  const needed = entries.filter(({ tag }) => tag === dynamicTags.needed).map(({ value }) => text(start + value));
  return { machine, loader: loader === undefined ? undefined : text(loader.offset), needed };
}
