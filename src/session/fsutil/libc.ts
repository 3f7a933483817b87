import type { dlopen } from "bun:ffi";
import type { ByteString } from "./byte-string.ts";
import type { Xattr } from "./stat.ts";

/** What the system can do with files and node:fs cannot. Paths are whole ones. */
export interface Libc {
  /** The extended attributes of an entry, not of what it links to; none where they are not supported. */
  readXattrs(path: ByteString): readonly Xattr[];
  /** Sets what can be set: a filesystem may have no attributes, and a user no right to set some. */
  writeXattrs(path: ByteString, xattrs: readonly Xattr[]): void;
  /** Sets both times of an entry, not of what it links to, in nanoseconds since 1970. False when that failed. */
  setTime(path: ByteString, time: bigint): boolean;
  /** The same for an open file. */
  setFileTime(fd: number, time: bigint): boolean;
  /** Makes a device or a fifo; `mode` is a `st_mode`. False when that failed. */
  makeNode(path: ByteString, mode: number, major: number, minor: number): boolean;
  /**
   * Opens what is at `path` below an open directory, without going over any symbolic link; `flags` are those of open.
   * Undefined when that failed, also because the kernel is older than 5.6.
   */
  openBeneath(directory: number, path: ByteString, flags: number): number | undefined;
}

/** What C libraries are called on Linux. Constants and signatures below are Linux's. */
const names = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so"];
const functions = {
  llistxattr: { args: ["ptr", "ptr", "u32"], returns: "i32" },
  lgetxattr: { args: ["ptr", "ptr", "ptr", "u32"], returns: "i32" },
  lsetxattr: { args: ["ptr", "ptr", "ptr", "u32", "i32"], returns: "i32" },
  futimens: { args: ["i32", "ptr"], returns: "i32" },
  utimensat: { args: ["i32", "ptr", "ptr", "i32"], returns: "i32" },
  syscall: { args: ["i32", "i32", "ptr", "ptr", "u32"], returns: "i32" },
} as const;
/** Not exported by a glibc before 2.33, so that it is looked for only when it is needed. */
const nodeFunctions = { mknod: { args: ["ptr", "u32", "u64"], returns: "i32" } } as const;
const currentDirectory = -100;
const noFollow = 0x100;
const closeOnExec = 0x80000;
/** The number of `openat2` on every architecture; the third of its values is RESOLVE_NO_SYMLINKS and RESOLVE_BENEATH. */
const openat2 = 437;
const resolveBeneath = 0x0cn;

/** The kernel gives no longer list and no longer value. */
const longestXattr = 65536;
const longestPath = 4096;

/** Loads the C library; undefined where there is none that is known, which is everywhere but on Linux. */
export async function openLibc(): Promise<Libc | undefined> {
  const ffi = await import("bun:ffi");
  for (const name of names) {
    try {
      const { symbols } = ffi.dlopen(name, functions);
      return bind(symbols, () => ffi.dlopen(name, nodeFunctions).symbols.mknod);
    } catch {
      // No library of this name: the next one.
    }
  }
  return undefined;
}

type Functions = ReturnType<typeof dlopen<typeof functions>>["symbols"];
type Mknod = ReturnType<typeof dlopen<typeof nodeFunctions>>["symbols"]["mknod"];

function bind(functions: Functions, findMknod: () => Mknod): Libc {
  const bytes = Buffer.alloc(longestXattr);
  const pathBytes = Buffer.alloc(longestPath + 1);
  const nameBytes = Buffer.alloc(256);
  const times = new BigInt64Array(4);
  const how = new BigUint64Array([0n, 0n, resolveBeneath]);
  return {
    readXattrs(path) {
      terminate(pathBytes, path);
      const length = functions.llistxattr(pathBytes, bytes, longestXattr);
      return length <= 0 ? [] : readValues(functions, pathBytes, bytes.toString("latin1", 0, length));
    },
    writeXattrs(path, xattrs) {
      terminate(pathBytes, path);
      for (const { name, value } of xattrs) {
        if (name === "" || name.length > 255 || name.includes("\0")) continue;
        terminate(nameBytes, name);
        // A pointer to nothing is refused even where no byte is read.
        const data = value.length === 0 ? bytes : value;
        functions.lsetxattr(pathBytes, nameBytes, data, value.length, 0);
      }
    },
    setTime(path, time) {
      terminate(pathBytes, path);
      writeTimes(times, time);
      return functions.utimensat(currentDirectory, pathBytes, times, noFollow) === 0;
    },
    setFileTime(fd, time) {
      writeTimes(times, time);
      return functions.futimens(fd, times) === 0;
    },
    makeNode(path, mode, major, minor) {
      terminate(pathBytes, path);
      try {
        return findMknod()(pathBytes, mode, deviceNumber(major, minor)) === 0;
      } catch {
        return false;
      }
    },
    openBeneath(directory, path, flags) {
      terminate(pathBytes, path);
      how[0] = BigInt(flags | closeOnExec);
      const fd = functions.syscall(openat2, directory, pathBytes, how, how.byteLength);
      return fd < 0 ? undefined : fd;
    },
  };
}

const second = 1_000_000_000n;

/** Two `timespec`, of the last access and of the last change. */
function writeTimes(times: BigInt64Array, time: bigint): void {
  const nanoseconds = ((time % second) + second) % second;
  times[0] = times[2] = (time - nanoseconds) / second;
  times[1] = times[3] = nanoseconds;
}

function readValues(functions: Functions, path: Buffer, list: ByteString): Xattr[] {
  const xattrs: Xattr[] = [];
  const name = Buffer.alloc(256);
  const value = Buffer.alloc(longestXattr);
  for (const each of list.slice(0, -1).split("\0")) {
    // What macOS writes is of use on that machine only; fsutil leaves it out as well.
    if (each.length > 255 || each.startsWith("com.apple.")) continue;
    terminate(name, each);
    const length = functions.lgetxattr(path, name, value, longestXattr);
    if (length >= 0) xattrs.push({ name: each, value: Uint8Array.from(value.subarray(0, length)) });
  }
  return xattrs;
}

/** Writes a C string. A path that is too long is cut: the system then finds nothing there, as it would for the whole. */
function terminate(buffer: Buffer, text: ByteString): void {
  buffer[buffer.write(text, 0, buffer.length - 1, "latin1")] = 0;
}

/** `makedev` of Linux. */
function deviceNumber(major: number, minor: number): bigint {
  const [high, low] = [BigInt.asUintN(32, BigInt(major)), BigInt.asUintN(32, BigInt(minor))];
  return (low & 0xffn) | ((high & 0xfffn) << 8n) | ((low & ~0xffn) << 12n) | ((high & ~0xfffn) << 32n);
}
