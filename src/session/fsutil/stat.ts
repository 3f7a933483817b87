import type { ByteString } from "./byte-string.ts";

/** `fsutil.types.Stat`: one entry of a tree. */
export interface Stat {
  /** From the root of the tree, clean, with `/`. */
  readonly path: ByteString;
  /** Bits of `fileMode`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes; 0 for directories, the length of its target for a symlink. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  /** Target of a symlink as it is stored; for a further hard link the path of the first one. */
  readonly linkname: ByteString;
  readonly devmajor: number;
  readonly devminor: number;
  readonly xattrs: readonly Xattr[];
}

/** One extended attribute. */
export interface Xattr {
  readonly name: ByteString;
  readonly value: Uint8Array;
}
