import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { isDigest } from "../image/reference.ts";
import { makeStatus, rpcError, statusCode } from "../rpc/status.ts";
import { type DigestAlgorithm, Ingest } from "./content-ingest.ts";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";

/** A blob of a store. Times are in milliseconds since 1970. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly modified: number;
  readonly path: string;
}

export const contentCode = { alreadyExists: 6, failedPrecondition: 9, outOfRange: 11, dataLoss: 15 } as const;

/** Milliseconds after which what was begun is nobody's any more; containerd keeps it as long. */
const forgotten = 24 * 3_600_000;

/**
 * An OCI layout directory as a content store: `blobs/<algorithm>/<hex>`, and `ingest/` for what is being written. The
 * directory need not exist before the first write. Nothing outside it is read or written, whatever symlinks say.
 * Failures carry the gRPC status that containerd's store answers with.
 */
export class ContentStore {
  readonly directory: string;
  readonly #writable: boolean;
  readonly #ingests = new Map<string, Ingest>();
  readonly #added: string[] = [];
  readonly #made: string[] = [];
  #isClosed = false;

  constructor(directory: string, mode: "read" | "write") {
    this.directory = directory;
    this.#writable = mode === "write";
  }

  /** The blob, or undefined when there is none. */
  find(digest: string): Blob | undefined {
    if (!isDigest(digest)) throw refuse(statusCode.invalidArgument, `"${digest}" is not a digest`);
    const path = this.#pathOf(digest);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) return undefined;
    if (!isInside(this.directory, path)) throw outside(path);
    return { digest, size: stat.size, modified: stat.mtimeMs, path };
  }

  /** As {@link find}, with NotFound instead of undefined. */
  get(digest: string): Blob {
    const blob = this.find(digest);
    if (blob === undefined) throw refuse(statusCode.notFound, `content ${digest}: not found`);
    return blob;
  }

  /** Every blob that there is. */
  *list(): Generator<Blob> {
    for (const algorithm of namesIn(join(this.directory, "blobs"))) {
      for (const hex of namesIn(join(this.directory, "blobs", algorithm))) {
        const digest = `${algorithm}:${hex}`;
        const blob = isDigest(digest) ? this.find(digest) : undefined;
        if (blob !== undefined) yield blob;
      }
    }
  }

  get ingests(): Iterable<Ingest> {
    return this.#ingests.values();
  }

  ingest(ref: string): Ingest | undefined {
    return this.#ingests.get(ref);
  }

  /**
   * Starts to write under `ref`, or goes on with what was left there, for one writer at a time (else Unavailable).
   * AlreadyExists when there is a blob of the digest that is expected.
   */
  open(ref: string, expected: string): Ingest {
    if (!this.#writable) throw refuse(statusCode.permissionDenied, `${this.directory} is only read in this build`);
    this.refuseExisting(expected, ref);
    const known = this.#ingests.get(ref);
    if (known?.busy === true) throw refuse(statusCode.unavailable, `ref ${ref} locked: it is being written`);
    const ingest = known ?? this.#startIngest(ref, expected);
    ingest.busy = true;
    return ingest;
  }

  /** Throws AlreadyExists when there is a blob of this digest; what was written under `ref` is dropped then. */
  refuseExisting(expected: string, ref: string): void {
    if (expected === "" || this.find(expected) === undefined) return;
    this.abort(ref);
    throw refuse(contentCode.alreadyExists, `blob ${expected} exists`);
  }

  /** Makes what was written a blob, if it has the size (0: any) and the digest ("": any) that it should have. */
  commit(ingest: Ingest, size: number, expected: string): Blob {
    if (size > 0 && size !== ingest.offset) {
      throw refuse(contentCode.failedPrecondition, `unexpected commit size ${ingest.offset}, expected ${size}`);
    }
    const digest = ingest.digest();
    if (expected !== "" && expected !== digest) {
      throw refuse(contentCode.failedPrecondition, `unexpected commit digest ${digest}, expected ${expected}`);
    }
    this.refuseExisting(digest, ingest.ref);
    const path = this.#pathOf(digest);
    this.#makeDirectory(dirname(path));
    ingest.close();
    chmodSync(ingest.path, 0o444);
    renameSync(ingest.path, path);
    this.#ingests.delete(ingest.ref);
    this.#added.push(path);
    return this.get(digest);
  }

  /** Drops what was written under `ref`. */
  abort(ref: string): void {
    const ingest = this.#ingests.get(ref);
    this.#ingests.delete(ref);
    ingest?.close();
    if (ingest !== undefined) rmSync(ingest.path, { force: true });
  }

  /** Drops everything that was not committed, and the directories that were made in vain. Nothing can be written then. */
  close(): void {
    this.#isClosed = true;
    for (const ref of [...this.#ingests.keys()]) this.abort(ref);
    if (this.#writable) removeForgotten(this.directory);
    for (const path of this.#made.toReversed()) removeEmpty(path);
  }

  /** Drops everything that was written, and the directories that were made for it. */
  discard(): void {
    for (const path of this.#added.splice(0)) rmSync(path, { force: true });
    this.close();
  }

  #pathOf(digest: string): string {
    const [algorithm = "", hex = ""] = digest.split(":");
    return join(this.directory, "blobs", algorithm, hex);
  }

  #startIngest(ref: string, expected: string): Ingest {
    const directory = join(this.directory, "ingest");
    const start = () => {
      this.#makeDirectory(directory);
      return new Ingest(join(directory, crypto.randomUUID()), ref, algorithmOf(expected));
    };
    let ingest: Ingest;
    try {
      ingest = start();
    } catch (error) {
      // Another build may just have removed the empty directory.
      if (this.#isClosed || existsSync(directory)) throw error;
      ingest = start();
    }
    this.#ingests.set(ref, ingest);
    return ingest;
  }

  #makeDirectory(path: string): void {
    if (this.#isClosed) throw refuse(statusCode.unavailable, "the build is over");
    let known = path;
    while (!existsSync(known)) known = dirname(known);
    if (known.length > this.directory.length && !isInside(this.directory, known)) throw outside(known);
    try {
      const first = mkdirSync(path, { recursive: true });
      if (first !== undefined) this.#made.push(...pathsBetween(first, path));
    } catch (error) {
      throw fileError("file.write", "write", toByteString(path), error);
    }
  }
}

function algorithmOf(digest: string): DigestAlgorithm {
  if (digest.startsWith("sha512:")) return "sha512";
  return digest.startsWith("sha384:") ? "sha384" : "sha256";
}

/** Each directory from `first` down to `last`. */
function pathsBetween(first: string, last: string): string[] {
  return last.length <= first.length ? [first] : [...pathsBetween(first, dirname(last)), last];
}

function isInside(directory: string, path: string): boolean {
  const root = realpathSync(directory);
  return realpathSync(path).startsWith(root.endsWith(sep) ? root : root + sep);
}

function namesIn(directory: string): string[] {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(directory) : [];
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Somebody else's files are in it, or it is not there.
  }
}

/** What killed builds had begun would stay for ever. What cannot be removed is no failure of this build. */
function removeForgotten(store: string): void {
  const directory = join(store, "ingest");
  try {
    if (!existsSync(directory) || !isInside(store, directory)) return;
    const paths = readdirSync(directory)
      .filter((name) => /^[0-9a-f-]{36}$/.test(name))
      .map((name) => join(directory, name));
    const old = paths.filter((path) => Date.now() - lstatSync(path).mtimeMs > forgotten);
    for (const path of old) rmSync(path, { force: true });
    removeEmpty(directory);
  } catch {
    // Another build was quicker, or it is closed to this one.
  }
}

function outside(path: string): Error {
  return refuse(statusCode.permissionDenied, `${path} points out of its directory`);
}

function refuse(code: number, message: string): Error {
  return rpcError(makeStatus(code, message));
}
