/** Bytes that are kept or dropped together. */
const blockSize = 16 * 1024;
const smallest = 512;
/** Milliseconds that lines must be apart to have times of their own, and how many times a block has at most. */
const tick = 20;
const mostMarks = 128;

/** Where in a run of bytes something came at another time than what is before it. */
export interface Mark {
  readonly offset: number;
  readonly time: number;
}

/** Bytes of a log that followed each other. */
export interface Run {
  readonly bytes: Uint8Array;
  readonly marks: readonly Mark[];
}

interface Block {
  bytes: Uint8Array;
  length: number;
  readonly marks: Mark[];
}

/** A step's log of which, when it gets long, the beginning and the end are kept. */
export class KeptLog {
  #blocks: Block[] = [];
  /** Blocks before the gap; all of them when there is none. */
  #head = Number.POSITIVE_INFINITY;
  #total = 0;
  #dropped = 0;

  /** Bytes that were ever appended. */
  get total(): number {
    return this.#total;
  }

  /** Bytes that are gone from the middle. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#total - this.#dropped;
  }

  append(bytes: Uint8Array, time: number): void {
    for (let at = 0; at < bytes.length; ) {
      const block = this.#open(bytes.length - at);
      const part = bytes.subarray(at, at + blockSize - block.length);
      mark(block, time);
      block.bytes.set(part, block.length);
      block.length += part.length;
      at += part.length;
    }
    this.#total += bytes.length;
  }

  /** Drops from the middle until at most `limit` bytes are left, but for a block at each end. */
  trim(limit: number): void {
    const most = Math.max(2, Math.floor(limit / blockSize));
    if (this.#blocks.length <= most) return;
    this.#head = Math.min(this.#head, Math.ceil(most / 4));
    for (const { length } of this.#blocks.splice(this.#head, this.#blocks.length - most)) this.#dropped += length;
  }

  /** What is kept: all of it, or the beginning and the end. */
  runs(): readonly Run[] {
    const parts =
      this.#dropped === 0 ? [this.#blocks] : [this.#blocks.slice(0, this.#head), this.#blocks.slice(this.#head)];
    return parts.map(join);
  }

  #open(needed: number): Block {
    let last = this.#blocks.at(-1);
    if (last === undefined || last.length === blockSize) {
      last = { bytes: new Uint8Array(smallest), length: 0, marks: [] };
      this.#blocks.push(last);
    }
    const wanted = Math.min(blockSize, last.length + needed);
    if (wanted > last.bytes.length) {
      const grown = new Uint8Array(Math.min(blockSize, Math.max(wanted, last.bytes.length * 2)));
      grown.set(last.bytes.subarray(0, last.length));
      last.bytes = grown;
    }
    return last;
  }
}

function mark({ marks, length }: Block, time: number): void {
  const last = marks.at(-1);
  if (last === undefined || (time - last.time >= tick && marks.length < mostMarks))
    marks.push({ offset: length, time });
}

function join(blocks: readonly Block[]): Run {
  const bytes = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  const marks: Mark[] = [];
  let at = 0;
  for (const block of blocks) {
    bytes.set(block.bytes.subarray(0, block.length), at);
    for (const { offset, time } of block.marks) marks.push({ offset: at + offset, time });
    at += block.length;
  }
  return { bytes, marks };
}
