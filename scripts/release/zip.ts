import { crc32 } from "node:zlib";
import type { TarEntry } from "../testbed/tar.ts";

/** 1980-01-01 00:00, the first time that a zip can say. */
const dosDate = 0x0021;
const stored = 0;
const deflated = 8;
const madeByUnix = 0x0314;
const kinds = { file: 0o100000, directory: 0o040000, symlink: 0o120000 } as const;

interface Packed {
  readonly entry: TarEntry;
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly data: Uint8Array;
}

/** A zip archive of files and directories; the same entries give the same bytes. */
export function formatZip(entries: readonly TarEntry[]): Uint8Array {
  const packed = entries.map(pack);
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const each of packed) {
    const local = [signature(0x04034b50), common(each), each.name, each.data];
    central.push(centralHeader(each, offset), each.name);
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(central);
  return new Uint8Array(Buffer.concat([...parts, directory, end(packed.length, directory.length, offset)]));
}

function pack(entry: TarEntry): Packed {
  const plain = new Uint8Array(entry.data ?? []);
  const data = plain.length === 0 ? plain : Bun.deflateSync(plain, { level: 6, library: "libdeflate" });
  return { entry, name: Buffer.from(entry.path, "latin1"), crc: crc32(plain), size: plain.length, data };
}

/** What the header before a file and the one in the directory have in common, with no extra field. */
function common({ name, crc, size, data }: Packed): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(size === 0 ? stored : deflated, 4);
  header.writeUInt16LE(dosDate, 8);
  header.writeUInt32LE(crc, 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function centralHeader(packed: Packed, offset: number): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(madeByUnix);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((kinds[packed.entry.type] | packed.entry.mode) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, common(packed), rest]);
}

function end(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
