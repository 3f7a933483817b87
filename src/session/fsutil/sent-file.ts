import { closeSync, fstatSync, readSync } from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, toText } from "./byte-string.ts";
import { fileError } from "./file-error.ts";

/**
 * A file that is read from its start. One that grows has an end all the same: where it was when it turned out to be
 * longer than it was listed. Throws "file.read".
 */
export class SentFile {
  readonly id: number;
  readonly #path: ByteString;
  readonly #fd: number;
  /** As it was listed. */
  readonly #size: number;
  /** Bytes to read in all: at first one more than the size, so that what has grown shows. */
  #limit: number;
  #sent = 0;
  #isKnown = false;

  /** `path` is a whole one. */
  constructor(id: number, fd: number, { path, size }: { readonly path: ByteString; readonly size: number }) {
    this.id = id;
    this.#fd = fd;
    this.#path = path;
    this.#size = size;
    this.#limit = size + 1;
  }

  /** The most bytes that the next read may give; 0 at the end. */
  get left(): number {
    return this.#limit - this.#sent;
  }

  /** Reads at most `most` bytes, but not more than are left, into `buffer`, and gives how many. */
  read(buffer: Buffer, start: number, most: number): number {
    const asked = Math.min(most, this.left);
    try {
      const length = readSync(this.#fd, buffer, start, asked, null);
      this.#sent += length;
      if (length < asked && this.#sent === this.#size && !this.#isKnown) this.#limit = this.#sent;
      else if (length < asked || this.#sent > this.#size) this.#lookAgain(length);
      return length;
    } catch (error) {
      throw fileError("file.read", "read", this.#path, error);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** It is not as it was listed. A filesystem may also not know a size before the file is read. */
  #lookAgain(length: number): void {
    if (length === 0) this.#limit = this.#sent;
    if (this.#isKnown) return;
    this.#isKnown = true;
    const stat = fstatSync(this.#fd);
    if (!stat.isFile())
      throw new LuakitError("file.read", `cannot read ${toText(this.#path)}: it is not a file any more`);
    if (length > 0) this.#limit = stat.size < this.#sent ? Number.POSITIVE_INFINITY : stat.size;
  }
}
