const blockSize = 64 * 1024;

interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Up to where it is written and read. */
  end: number;
  start: number;
}

/** Messages that wait for their turn, copied into blocks: there may be millions of them. */
export class MessageQueue {
  readonly #blocks: Block[] = [];

  push(message: Uint8Array): void {
    const needed = message.length + 4;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.end + needed > block.bytes.length) {
      const bytes = new Uint8Array(Math.max(blockSize, needed));
      block = { bytes, view: new DataView(bytes.buffer), end: 0, start: 0 };
      this.#blocks.push(block);
    }
    block.view.setUint32(block.end, message.length);
    block.bytes.set(message, block.end + 4);
    block.end += needed;
  }

  /** The oldest one, as a view of its block; undefined when there is none. */
  shift(): Uint8Array | undefined {
    const [block] = this.#blocks;
    if (block === undefined) return undefined;
    const begin = block.start + 4;
    block.start = begin + block.view.getUint32(block.start);
    if (block.start === block.end) this.#blocks.shift();
    return block.bytes.subarray(begin, block.start);
  }
}
