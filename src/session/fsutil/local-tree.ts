import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { basename } from "node:path";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, systemPath, toByteString, toText } from "./byte-string.ts";
import { fileError } from "./file-error.ts";
import { parentPath } from "./go-path.ts";
import type { Libc } from "./libc.ts";
import type { Xattr } from "./stat.ts";

/** A name in a directory; `directory` is undefined where the filesystem does not tell. */
export interface Entry {
  readonly name: ByteString;
  readonly directory: boolean | undefined;
}

// Opening a fifo would wait for its writer.
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A directory of this machine, or a file as a directory that holds only that file. Paths are relative to it, and no
 * symbolic link below it is followed. Errors of node:fs pass through, but for those of the constructor and `openFile`.
 */
export class LocalTree {
  private readonly root: ByteString;
  private readonly only: { readonly name: ByteString; readonly path: ByteString } | undefined;
  private readonly libc: Libc | undefined;
  private readonly directory: number;

  /** Throws "file.read" when there is no directory and no regular file at `path`. */
  constructor(path: string, libc: Libc | undefined) {
    this.libc = libc;
    try {
      const real = realpathSync.native(path, "latin1");
      const stat = lstatSync(systemPath(real));
      if (!stat.isDirectory() && !stat.isFile()) {
        throw new LuakitError("file.read", `cannot read ${path}: it is neither a directory nor a file`);
      }
      this.only = stat.isFile() ? { name: toByteString(basename(path)), path: real } : undefined;
      const root = stat.isFile() ? parentPath(real) : real;
      this.directory = openSync(systemPath(root), constants.O_RDONLY | constants.O_DIRECTORY);
      this.root = root === "/" ? "" : root;
    } catch (error) {
      throw fileError("file.read", "read", toByteString(path), error);
    }
  }

  close(): void {
    closeSync(this.directory);
  }

  /** Where an entry is on this machine. */
  path(path: ByteString): ByteString {
    if (path === "") return this.root || "/";
    if (this.only === undefined) return `${this.root}/${path}`;
    return path === this.only.name ? this.only.path : `${this.only.path}/${path}`;
  }

  /** The names in a directory, in byte order; `""` is the root. */
  names(path: ByteString): ByteString[] {
    if (this.only !== undefined && path === "") return [this.only.name];
    return readdirSync(systemPath(this.path(path)), "latin1").sort();
  }

  /** As {@link names}, with what is known of each without a further look. */
  entries(path: ByteString): Entry[] {
    if (this.only !== undefined && path === "") return [{ name: this.only.name, directory: false }];
    const found = readdirSync(systemPath(this.path(path)), { encoding: "latin1", withFileTypes: true });
    return found.map(toEntry).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  lstat(path: ByteString): BigIntStats {
    return lstatSync(systemPath(this.path(path)), { bigint: true });
  }

  readLink(path: ByteString): ByteString {
    return readlinkSync(systemPath(this.path(path)), "latin1");
  }

  xattrs(path: ByteString): readonly Xattr[] {
    return this.libc?.readXattrs(this.path(path)) ?? [];
  }

  /** Opens a file for reading. Throws "file.read", also when the way to it is now over a link. */
  openFile(path: ByteString): number {
    const whole = this.path(path);
    try {
      return this.openBeneath(path) ?? openSync(systemPath(whole), readFlags);
    } catch (error) {
      throw fileError("file.read", "read", whole, error);
    }
  }

  private openBeneath(path: ByteString): number | undefined {
    if (this.only !== undefined) return undefined;
    const fd = this.libc?.openBeneath(this.directory, path, readFlags);
    if (fd !== undefined || this.libc === undefined) return fd;
    // The kernel knows no such call, or there is no such file: what opens now must still be below the root.
    const whole = this.path(path);
    if (realpathSync.native(systemPath(parentPath(whole)), "latin1") === parentPath(whole)) return undefined;
    throw new LuakitError("file.read", `cannot read ${toText(whole)}: its directory became a symbolic link`);
  }
}

function toEntry(entry: Dirent<string>): Entry {
  if (entry.isDirectory()) return { name: entry.name, directory: true };
  const known = entry.isFile() || entry.isSymbolicLink() || entry.isFIFO() || entry.isSocket();
  return { name: entry.name, directory: known ? false : undefined };
}
