import { closeSync, constants, openSync, writeSync, writevSync } from "node:fs";
import { systemPath } from "./byte-string.ts";
import { applyFileMetadata, type Destination } from "./destination.ts";
import type { NewEntry } from "./new-entry.ts";
import type { Stat } from "./stat.ts";

const createFlags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
/** Only for us until its own mode is set. */
const firstMode = 0o600;
/** Bytes that are written at once. */
const batchSize = 512 * 1024;

/** A file whose data come in; until they are there a file that has its name stays. Errors of node:fs pass through. */
export class ReceivedFile {
  readonly stat: Stat;
  readonly #entry: NewEntry;
  readonly #destination: Destination;
  #fd: number | undefined;
  #batch: Uint8Array[] = [];
  #batched = 0;
  #isStarted = false;
  #isComplete = false;

  constructor(stat: Stat, entry: NewEntry, destination: Destination) {
    this.stat = stat;
    this.#entry = entry;
    this.#destination = destination;
  }

  /** Takes ownership of the bytes. */
  write(bytes: Uint8Array): void {
    this.#batch.push(bytes);
    this.#batched += bytes.length;
    if (this.#batched >= batchSize) this.#flush();
  }

  /** All data are there. */
  complete(): void {
    const fd = this.#flush();
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

  #flush(): number {
    this.#fd ??= this.#entry.create((path) => openSync(systemPath(path), createFlags, firstMode));
    this.#isStarted = true;
    const batch = this.#batch;
    this.#batch = [];
    this.#batched = 0;
    if (batch.length > 0) writeAll(this.#fd, batch);
    return this.#fd;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** A call may write less than it was given. */
function writeAll(fd: number, batch: readonly Uint8Array[]): void {
  let written = batch.length > 1 ? writevSync(fd, batch) : 0;
  for (const bytes of batch) {
    const done = Math.min(written, bytes.length);
    written -= done;
    for (let at = done; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
  }
}
