import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { errorCode } from "../../diagnostic/system-error.ts";
import { type ByteString, systemPath, toByteString, toText } from "./byte-string.ts";

/** A directory below the root that is written to; the root has no parent. */
export interface Directory {
  readonly name: ByteString;
  readonly parent: Directory | undefined;
  /** It was made by the transfer, and all that is in it. */
  readonly isNew: boolean;
}

/** Directories that are open at a time; more are opened again. */
const mostOpen = 128;
const ownerRights = 0o700;
const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Linux's O_PATH, which opens also what may not be read. */
export const pathOnly = 0o10000000;

/**
 * Ways to directories that lead over no symbolic link below the root, also when somebody changes it meanwhile: Linux
 * gives a path to what is open. Elsewhere each part is looked at before it is used.
 */
export class DirectoryHandles {
  /** The outermost directory that was made for the root. */
  readonly firstMade: string | undefined;
  readonly #path: ByteString;
  readonly #root: number;
  readonly #hasPaths: boolean;
  /** The one that was used last is last. */
  readonly #open = new Map<Directory, number>();

  /** Makes the root and what is missing above it. Errors of node:fs pass through. */
  constructor(root: string) {
    this.firstMade = mkdirSync(root, { recursive: true, mode: ownerRights });
    this.#path = toByteString(root);
    this.#root = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
    this.#hasPaths = leadsTo(descriptorPath(this.#root), this.#root);
  }

  /** A path that stands for `directory` until the next call. */
  path(directory: Directory): ByteString {
    if (!this.#hasPaths) return this.#checkedPath(directory);
    if (directory.parent === undefined) return descriptorPath(this.#root);
    const known = this.#open.get(directory);
    const fd = known ?? openDirectory(`${this.path(directory.parent)}/${directory.name}`);
    this.#open.delete(directory);
    this.#open.set(directory, fd);
    if (known === undefined) this.#closeOldest();
    return descriptorPath(fd);
  }

  close(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
    closeSync(this.#root);
  }

  #closeOldest(): void {
    if (this.#open.size <= mostOpen) return;
    for (const [directory, fd] of this.#open) {
      this.#open.delete(directory);
      closeSync(fd);
      return;
    }
  }

  #checkedPath({ name, parent }: Directory): ByteString {
    if (parent === undefined) return this.#path;
    const path = `${this.#checkedPath(parent)}/${name}`;
    const { mode } = lstatSync(systemPath(path));
    if ((mode & constants.S_IFMT) !== constants.S_IFDIR) {
      throw new LuakitError("file.write", `${toText(path)} is no directory any more`);
    }
    if ((mode & ownerRights) !== ownerRights) chmodSync(systemPath(path), mode | ownerRights);
    return path;
  }
}

/** The directory itself, for calls that must not follow a link in the last part of a path. */
export function itself(directory: ByteString): ByteString {
  return `${directory}/.`;
}

/** A path that stands for what is open, on Linux. */
export function descriptorPath(fd: number): ByteString {
  return `/proc/self/fd/${fd}`;
}

function leadsTo(path: string, fd: number): boolean {
  const [there, here] = [statSync(path, { throwIfNoEntry: false }), fstatSync(fd)];
  return there !== undefined && there.ino === here.ino && there.dev === here.dev;
}

/** Opens a directory so that it can be written to; its final mode comes when all is in it. */
function openDirectory(path: ByteString): number {
  const place = systemPath(path);
  try {
    const fd = openSync(place, directoryFlags);
    const { mode } = fstatSync(fd);
    if ((mode & ownerRights) !== ownerRights) fchmodSync(fd, mode | ownerRights);
    return fd;
  } catch (error) {
    if (errorCode(error) !== "EACCES") throw error;
    const fd = openSync(place, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      chmodSync(descriptorPath(fd), ownerRights);
    } finally {
      closeSync(fd);
    }
    return openSync(place, directoryFlags);
  }
}
