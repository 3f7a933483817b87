// Made from proto/fsutil/types/fsutil.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Packet {
  readonly type: number;
  readonly stat?: Stat | undefined;
  readonly ID: number;
  readonly data: Uint8Array;
}

export const Packet: Codec<Packet> = /* @__PURE__ */ message(() => [
  [1, "type", "integer", "plain"],
  [2, "stat", "message", "optional", () => Stat],
  [3, "ID", "unsigned", "plain"],
  [4, "data", "bytes", "plain"],
]);

export interface Stat {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly modTime: bigint;
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
  readonly xattrs: Readonly<Record<string, Uint8Array>>;
}

export const Stat: Codec<Stat> = /* @__PURE__ */ message(() => [
  [1, "path", "text", "plain"],
  [2, "mode", "unsigned", "plain"],
  [3, "uid", "unsigned", "plain"],
  [4, "gid", "unsigned", "plain"],
  [5, "size", "integer", "plain"],
  [6, "modTime", "long", "plain"],
  [7, "linkname", "text", "plain"],
  [8, "devmajor", "integer", "plain"],
  [9, "devminor", "integer", "plain"],
  [10, "xattrs", "bytes", "map"],
]);
