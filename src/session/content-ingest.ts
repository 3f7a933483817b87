import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";

export type DigestAlgorithm = "sha256" | "sha384" | "sha512";

/** A blob that is being written: a file of its own, hashed on the way. */
export class Ingest {
  readonly path: string;
  readonly ref: string;
  readonly started = Date.now();
  /** Whether a call writes it now. */
  busy = false;
  updated = Date.now();
  /** Bytes so far. */
  offset = 0;
  /** What was announced; 0 and "" when nothing was. */
  total = 0;
  expected = "";
  readonly #algorithm: DigestAlgorithm;
  #hash: Bun.CryptoHasher;
  #file: number | undefined;

  constructor(path: string, ref: string, algorithm: DigestAlgorithm) {
    this.path = path;
    this.ref = ref;
    this.#algorithm = algorithm;
    this.#hash = new Bun.CryptoHasher(algorithm);
    try {
      this.#file = openSync(path, "wx", 0o644);
    } catch (error) {
      throw fileError("file.write", "create", toByteString(path), error);
    }
  }

  /** Appends. Throws "file.write". */
  write(data: Uint8Array): void {
    const file = this.#file ?? -1;
    try {
      for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
    } catch (error) {
      throw fileError("file.write", "write", toByteString(this.path), error);
    }
    this.#hash.update(data);
    this.offset += data.length;
    this.updated = Date.now();
  }

  /** Starts again from nothing. */
  truncate(): void {
    ftruncateSync(this.#file ?? -1, 0);
    this.#hash = new Bun.CryptoHasher(this.#algorithm);
    this.offset = 0;
  }

  /** The digest of the bytes so far. */
  digest(): string {
    return `${this.#algorithm}:${this.#hash.copy().digest("hex")}`;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
