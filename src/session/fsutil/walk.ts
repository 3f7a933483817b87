import type { BigIntStats } from "node:fs";
import { errorCode, isGone } from "../../diagnostic/system-error.ts";
import type { ByteString } from "./byte-string.ts";
import { fileError } from "./file-error.ts";
import { fileMode, fromSystemMode, isDirectory, isSymlink } from "./file-mode.ts";
import type { DirectoryMatch, Filter } from "./filter.ts";
import type { Entry, LocalTree } from "./local-tree.ts";
import type { Stat } from "./stat.ts";

/** A directory that the walk is in. */
interface Level {
  readonly path: ByteString;
  readonly match: DirectoryMatch | undefined;
  readonly entries: readonly Entry[];
  next: number;
  sent: boolean;
}

/**
 * Goes through a tree in the order of the protocol: depth first, names in byte order, a directory before what is in it.
 * A directory that the filter does not keep comes right before the first kept entry below it.
 */
export class Walk {
  private readonly tree: LocalTree;
  private readonly filter: Filter | undefined;
  private readonly levels: Level[] = [];
  /** Of directories that had to wait for a kept entry, and that entry. */
  private readonly ready: Stat[] = [];
  /** The first path of each file that has several names. */
  private readonly firstPaths = new Map<string, ByteString>();

  /** Without a filter everything is kept. */
  constructor(tree: LocalTree, filter: Filter | undefined) {
    this.tree = tree;
    this.filter = filter;
    this.levels.push({ path: "", match: undefined, entries: this.list(""), next: 0, sent: true });
  }

  /**
   * The next entry; undefined after the last. What vanishes meanwhile is left out. Throws "file.read" for a kept
   * directory that cannot be read.
   */
  next(): Stat | undefined {
    for (;;) {
      const stat = this.ready.shift();
      if (stat !== undefined) return stat;
      const level = this.levels.at(-1);
      if (level === undefined) return undefined;
      const entry = level.entries[level.next++];
      if (entry === undefined) this.levels.pop();
      else this.visit(level, entry);
    }
  }

  private visit(level: Level, { name, directory }: Entry): void {
    const path = level.path === "" ? name : `${level.path}/${name}`;
    if (this.filter === undefined) {
      const stat = this.look(path);
      if (stat === undefined) return;
      this.ready.push(stat);
      if (isDirectory(stat.mode)) this.enter(path, undefined, true);
      return;
    }
    if (directory ?? this.isDirectory(path)) this.visitDirectory(this.filter, level, path);
    else if (this.filter.keepsFile(path, level.match)) this.keep(path);
  }

  private visitDirectory(filter: Filter, level: Level, path: ByteString): void {
    const decision = filter.decideDirectory(path, level.match);
    const stat = decision.keep ? this.keep(path) : undefined;
    const gone = decision.keep && (stat === undefined || !isDirectory(stat.mode));
    if (decision.enter && !gone) this.enter(path, decision, decision.keep);
  }

  /** Sends an entry after those directories above it that were not sent yet. */
  private keep(path: ByteString): Stat | undefined {
    const stat = this.look(path);
    if (stat === undefined) return undefined;
    for (const level of this.levels) {
      if (level.sent) continue;
      const parent = this.look(level.path);
      if (parent === undefined) return undefined;
      this.ready.push(parent);
      level.sent = true;
    }
    this.ready.push(stat);
    return stat;
  }

  private enter(path: ByteString, match: DirectoryMatch | undefined, sent: boolean): void {
    try {
      this.levels.push({ path, match, entries: this.list(path), next: 0, sent });
    } catch (error) {
      const denied = ["EACCES", "EPERM"].includes(errorCode(error));
      if (isGone(error) || (denied && !sent)) return;
      throw fileError("file.read", "read the directory", this.tree.path(path), error);
    }
  }

  private list(path: ByteString): readonly Entry[] {
    if (this.filter !== undefined) return this.tree.entries(path);
    return this.tree.names(path).map((name) => ({ name, directory: undefined }));
  }

  private isDirectory(path: ByteString): boolean {
    return this.ifThere(path, () => this.tree.lstat(path).isDirectory()) ?? false;
  }

  private look(path: ByteString): Stat | undefined {
    return this.ifThere(path, () => this.makeStat(path, this.tree.lstat(path)));
  }

  private ifThere<T>(path: ByteString, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      // EINVAL: what was a symbolic link is none any more.
      if (isGone(error) || errorCode(error) === "EINVAL") return undefined;
      throw fileError("file.read", "read", this.tree.path(path), error);
    }
  }

  private makeStat(path: ByteString, found: BigIntStats): Stat {
    const mode = fromSystemMode(Number(found.mode));
    const link = isSymlink(mode);
    const device = (mode & fileMode.device) !== 0;
    return {
      path,
      // Sockets are sent as files, which nobody can read.
      mode: (mode & ~fileMode.socket) >>> 0,
      // The files of a build belong to root, whoever owns them here.
      uid: 0,
      gid: 0,
      size: isDirectory(mode) ? 0 : Number(found.size),
      modTime: found.mtimeNs,
      linkname: link ? this.tree.readLink(path) : isDirectory(mode) ? "" : this.firstPath(path, found),
      devmajor: device ? major(found.rdev) : 0,
      devminor: device ? minor(found.rdev) : 0,
      xattrs: this.tree.xattrs(path),
    };
  }

  /** The path that stands for a file with several names; empty for the first of them and for a file with one. */
  private firstPath(path: ByteString, { nlink, dev, ino }: BigIntStats): ByteString {
    if (nlink <= 1n) return "";
    const file = `${dev}:${ino}`;
    const first = this.firstPaths.get(file);
    if (first === undefined) this.firstPaths.set(file, path);
    return first ?? "";
  }
}

function major(device: bigint): number {
  return Number((device >> 8n) & 0xfffn);
}

function minor(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xfff00n));
}
