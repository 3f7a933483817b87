const headSize = 5;

/** The five bytes before a gRPC message that is not compressed. */
export function messageHead(length: number): Buffer {
  const head = Buffer.alloc(headSize);
  head.writeUInt32BE(length, 1);
  return head;
}

/** Cuts gRPC messages out of the bytes of a stream. */
export class MessageSplitter {
  readonly #onMessage: (message: Buffer) => void;
  readonly #head = Buffer.alloc(headSize);
  #headLength = 0;
  #message = Buffer.alloc(0);
  #filled = 0;

  constructor(onMessage: (message: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  /** True between two messages. */
  get isIdle(): boolean {
    return this.#headLength === 0;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#headLength < headSize) {
        this.#head[this.#headLength++] = bytes[at++] ?? 0;
        if (this.#headLength < headSize) continue;
        if (this.#head[0] !== 0) throw new Error("a compressed message");
        this.#message = Buffer.allocUnsafeSlow(this.#head.readUInt32BE(1));
        this.#filled = 0;
      }
      const piece = bytes.subarray(at, at + this.#message.length - this.#filled);
      this.#message.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < this.#message.length) continue;
      this.#headLength = 0;
      this.#onMessage(this.#message);
    }
  }
}
