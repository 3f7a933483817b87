import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
} from "node:fs";
import { type ByteString, systemPath } from "./byte-string.ts";
import { descriptorPath, pathOnly } from "./directory-handles.ts";
import { isSymlink, toPermissions } from "./file-mode.ts";
import type { Libc } from "./libc.ts";
import type { MadeEntries } from "./made-entries.ts";
import type { Stat } from "./stat.ts";

/** Where trees are written and how. One for all transfers of an output. */
export interface Destination {
  /** Of the directory; it is made when it is missing. */
  readonly path: string;
  /** `delete` removes what the tree does not have; `copy` adds to what is there. */
  readonly mode: "copy" | "delete";
  /** Whom everything is to belong to; without, it is whom the system gives new files to. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly libc: Libc | undefined;
  /** Paths of the directories that transfers have sent: none of them may become something else. */
  readonly directories: Set<ByteString>;
  /** What transfers have made. */
  readonly made: MadeEntries;
}

/** Sets what a stat says of a file that is open; `path` is where it is. As {@link applyMetadata}, in less time. */
export function applyFileMetadata(fd: number, path: () => ByteString, stat: Stat, destination: Destination): void {
  const { libc, owner } = destination;
  if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid);
  if (stat.xattrs.length > 0) libc?.writeXattrs(path(), stat.xattrs);
  if (libc?.setFileTime(fd, stat.modTime) !== true) futimesSync(fd, seconds(stat), seconds(stat));
  fchmodSync(fd, toPermissions(stat.mode));
}

/**
 * Sets what a stat says of an entry that is there, and is nobody else's yet. The owner comes first, as changing it
 * takes rights away, and the mode last, as it may shut us out.
 */
export function applyMetadata(path: ByteString, stat: Stat, { libc, owner }: Destination): void {
  const place = systemPath(path);
  if (owner !== undefined) lchownSync(place, owner.uid, owner.gid);
  if (stat.xattrs.length > 0) libc?.writeXattrs(path, stat.xattrs);
  if (libc?.setTime(path, stat.modTime) !== true) lutimesSync(place, seconds(stat), seconds(stat));
  if (!isSymlink(stat.mode)) setPermissions(path, toPermissions(stat.mode));
}

/** Of the entry itself, whatever somebody puts in its place meanwhile. Throws what node:fs does. */
function setPermissions(path: ByteString, permissions: number): void {
  if (process.platform !== "linux") {
    chmodSync(systemPath(path), permissions);
    return;
  }
  const fd = openSync(systemPath(path), pathOnly | constants.O_NOFOLLOW);
  try {
    // Of a link this fails, with EOPNOTSUPP.
    chmodSync(descriptorPath(fd), permissions);
  } finally {
    closeSync(fd);
  }
}

function seconds({ modTime }: Stat): number {
  return Number(modTime) / 1e9;
}
