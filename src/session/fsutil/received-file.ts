import { closeSync, constants, openSync, writeSync } from "node:fs";
import { systemPath } from "./byte-string.ts";
import { applyFileMetadata, type Destination } from "./destination.ts";
import type { NewEntry } from "./new-entry.ts";
import type { Stat } from "./stat.ts";

const createFlags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
/** Only for us until its own mode is set. */
const firstMode = 0o600;

/** A file whose data come in; until they are there a file that has its name stays. Errors of node:fs pass through. */
export class ReceivedFile {
  readonly stat: Stat;
  readonly #entry: NewEntry;
  readonly #destination: Destination;
  #fd: number | undefined;
  #isStarted = false;
  #isComplete = false;

  constructor(stat: Stat, entry: NewEntry, destination: Destination) {
    this.stat = stat;
    this.#entry = entry;
    this.#destination = destination;
  }

  /** Writes the bytes at once: they are the caller's. */
  write(bytes: Uint8Array): void {
    const fd = this.#open();
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
  }

  /** All data are there. */
  complete(): void {
    const fd = this.#open();
    applyFileMetadata(fd, () => this.#entry.path, this.stat, this.#destination);
    this.#close();
    this.#entry.settle(this.#destination);
    this.#isComplete = true;
  }

  /** Removes it when it is not complete. */
  abort(): void {
    if (this.#isComplete || !this.#isStarted) return;
    this.#close();
    this.#entry.drop();
  }

  #open(): number {
    this.#fd ??= this.#entry.create((path) => openSync(systemPath(path), createFlags, firstMode));
    this.#isStarted = true;
    return this.#fd;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
