import type { ByteString } from "./byte-string.ts";
import type { Stat, Xattr } from "./stat.ts";
import { WireReader } from "./wire-reader.ts";

/** `fsutil.types.Packet.PacketType`. */
export const packetType = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const;

/** `fsutil.types.Packet`; a packet of type `stat` without a stat ends the list. */
export interface Packet {
  readonly type: number;
  readonly stat: Stat | undefined;
  readonly id: number;
  /** A view of the message. */
  readonly data: Uint8Array;
}

const nothing: Uint8Array = new Uint8Array(0);

/** Reads a packet. Malformed bytes throw a RangeError. */
export function readPacket(bytes: Uint8Array): Packet {
  const reader = new WireReader(bytes);
  let type = 0;
  let id = 0;
  let stat: Stat | undefined;
  let data = nothing;
  while (!reader.isDone) {
    const tag = reader.number();
    if (tag === 0x08) type = reader.number();
    else if (tag === 0x12) stat = readStat(new WireReader(reader.bytes()));
    else if (tag === 0x18) id = reader.number();
    else if (tag === 0x22) data = reader.bytes();
    else reader.skip(tag % 8);
  }
  return { type, stat, id, data };
}

function readStat(reader: WireReader): Stat {
  let [path, linkname]: [ByteString, ByteString] = ["", ""];
  let [mode, uid, gid, size, devmajor, devminor] = [0, 0, 0, 0, 0, 0];
  let modTime = 0n;
  const xattrs: Xattr[] = [];
  while (!reader.isDone) {
    const tag = reader.number();
    if (tag === 0x0a) path = reader.text();
    else if (tag === 0x10) mode = reader.number() >>> 0;
    else if (tag === 0x18) uid = reader.number();
    else if (tag === 0x20) gid = reader.number();
    else if (tag === 0x28) size = reader.number();
    else if (tag === 0x30) modTime = reader.long();
    else if (tag === 0x3a) linkname = reader.text();
    else if (tag === 0x40) devmajor = reader.number();
    else if (tag === 0x48) devminor = reader.number();
    else if (tag === 0x52) xattrs.push(readXattr(new WireReader(reader.bytes())));
    else reader.skip(tag % 8);
  }
  return { path, mode, uid, gid, size, modTime, linkname, devmajor, devminor, xattrs };
}

function readXattr(reader: WireReader): Xattr {
  let name: ByteString = "";
  let value = nothing;
  while (!reader.isDone) {
    const tag = reader.number();
    if (tag === 0x0a) name = reader.text();
    else if (tag === 0x12) value = reader.bytes();
    else reader.skip(tag % 8);
  }
  return { name, value };
}

/** What the sender of an error packet says. */
export function errorText({ data }: Packet): string {
  return new TextDecoder().decode(data);
}
