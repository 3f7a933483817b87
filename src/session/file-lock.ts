import { closeSync, fstatSync, openSync, rmSync, statSync } from "node:fs";

export interface FileLock {
  /** Gives the lock up; with `remove` the file goes too. */
  release(options?: { readonly remove: boolean }): void;
}

const shared = 1;
const exclusive = 2;
const nonBlocking = 4;
const libraries = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so", "libSystem.B.dylib"];

type Flock = (file: number, operation: number) => number;
type LockMode = "shared" | "exclusive";

/**
 * Takes flock(2) on a file, as buildctl and docker do, and makes the file when it is missing. undefined when another
 * process holds it. Throws what opening the file throws. Where there is no flock nothing is locked.
 */
export async function lockFile(path: string, mode: LockMode): Promise<FileLock | undefined> {
  return tryLock(await loadFlock(), path, mode);
}

/** Asks for the lock again until it is free, but no longer than `milliseconds`. */
export async function waitForLock(path: string, mode: LockMode, milliseconds: number): Promise<FileLock | undefined> {
  const flock = await loadFlock();
  const end = performance.now() + milliseconds;
  for (;;) {
    const lock = tryLock(flock, path, mode);
    if (lock !== undefined || performance.now() >= end) return lock;
    await Bun.sleep(20);
  }
}

function tryLock(flock: Flock, path: string, mode: LockMode): FileLock | undefined {
  for (;;) {
    const file = openSync(path, "a+", 0o600);
    if (flock(file, (mode === "shared" ? shared : exclusive) | nonBlocking) !== 0) {
      closeSync(file);
      return undefined;
    }
    // The one who had it may have removed the file meanwhile: then this is no lock that others see.
    if (isAt(file, path)) return { release: (options) => release(file, options?.remove === true ? path : undefined) };
    closeSync(file);
  }
}

function isAt(file: number, path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino;
}

function release(file: number, path: string | undefined): void {
  if (path !== undefined) rmSync(path, { force: true });
  closeSync(file);
}

/** libc's flock, under the name that the library has here. */
async function loadFlock(): Promise<Flock> {
  const { dlopen } = await import("bun:ffi");
  for (const name of libraries) {
    try {
      return dlopen(name, { flock: { args: ["i32", "i32"], returns: "i32" } }).symbols.flock;
    } catch {
      // Not this system's name for it: the next one may be.
    }
  }
  return () => 0;
}
