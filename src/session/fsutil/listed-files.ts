import type { ByteString } from "./byte-string.ts";
import { PathList } from "./path-list.ts";

/** The files that can be asked for, by id, each once. There may be millions. */
export class ListedFiles {
  readonly #paths = new PathList();
  /** -1 of what cannot be asked for; of what was asked for -2 and less: see `askedSize`. */
  readonly #sizes: number[] = [];

  /** Adds the next entry, whose id is the count of those before; what has no data has no size. */
  add(path: ByteString, size: number | undefined): void {
    this.#paths.add(size === undefined ? "" : path);
    this.#sizes.push(size ?? -1);
  }

  /** False for what is no file, and the second time. */
  ask(id: number): boolean {
    const size = this.#sizes[id] ?? -1;
    if (size < 0) return false;
    this.#sizes[id] = askedSize(size);
    return true;
  }

  /** What was asked for. */
  get(id: number): { readonly path: ByteString; readonly size: number } {
    return { path: this.#paths.at(id), size: askedSize(this.#sizes[id] ?? -2) };
  }
}

/** A size as one that was asked for, and back. */
function askedSize(size: number): number {
  return -2 - size;
}
