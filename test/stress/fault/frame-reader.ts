import { clientPreface, frameHeaderSize, writeFrameHeader } from "../../../src/h2/frame.ts";

/** A frame as it is on the wire, padding included. */
export interface WireFrame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Uint8Array;
}

/** Cuts a byte stream into frames; the preface of a client comes first, as a frame of type -1. */
export class FrameReader {
  readonly #onFrame: (frame: WireFrame) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #hasPreface: boolean;

  constructor(isClient: boolean, onFrame: (frame: WireFrame) => void) {
    this.#hasPreface = !isClient;
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#hasPreface && this.#bytes.length >= clientPreface.length) {
      this.#hasPreface = true;
      this.#onFrame({ type: -1, flags: 0, id: 0, payload: this.#take(clientPreface.length) });
    }
    while (this.#hasPreface && this.#bytes.length >= frameHeaderSize) {
      const length = this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < frameHeaderSize + length) return;
      const [type = 0, flags = 0] = this.#bytes.subarray(3, 5);
      const id = this.#bytes.readUInt32BE(5) & 0x7fffffff;
      this.#take(frameHeaderSize);
      this.#onFrame({ type, flags, id, payload: this.#take(length) });
    }
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}

export function frameBytes({ type, flags, id, payload }: WireFrame): Uint8Array {
  if (type === -1) return payload;
  const bytes = new Uint8Array(frameHeaderSize + payload.length);
  writeFrameHeader(bytes, 0, payload.length, type, flags, id);
  bytes.set(payload, frameHeaderSize);
  return bytes;
}
