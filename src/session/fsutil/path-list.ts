import type { ByteString } from "./byte-string.ts";

/** Paths that are kept together, as one text. */
const blockSize = 4096;

interface Block {
  readonly text: ByteString;
  /** Where each path begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

/** Paths by the order in which they were added. There may be millions of them: they take little more than their bytes. */
export class PathList {
  readonly #blocks: Block[] = [];
  #last: ByteString[] = [];

  get length(): number {
    return this.#blocks.length * blockSize + this.#last.length;
  }

  add(path: ByteString): void {
    this.#last.push(path);
    if (this.#last.length < blockSize) return;
    const starts = new Uint32Array(blockSize + 1);
    for (const [place, each] of this.#last.entries()) starts[place + 1] = (starts[place] ?? 0) + each.length;
    this.#blocks.push({ text: this.#last.join(""), starts });
    this.#last = [];
  }

  /** Empty for an index that is not there. */
  at(index: number): ByteString {
    const block = this.#blocks[Math.floor(index / blockSize)];
    const place = index % blockSize;
    if (block !== undefined) return block.text.slice(block.starts[place], block.starts[place + 1]);
    return index < this.length ? (this.#last[place] ?? "") : "";
  }

  /** The index of a path, where all were added in the order of the protocol: {@link EntryOrder}. */
  find(path: ByteString): number | undefined {
    const wanted = orderKey(path);
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (orderKey(this.at(middle)) < wanted) low = middle + 1;
      else high = middle;
    }
    return low < this.length && this.at(low) === path ? low : undefined;
  }
}

/** Text whose order is that of paths in a list: what is in a directory comes before longer names than that directory's. */
function orderKey(path: ByteString): string {
  return path.replaceAll("/", "\0");
}
