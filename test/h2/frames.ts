import { frameHeaderSize, writeFrameHeader } from "../../src/h2/frame.ts";
import { type FrameHandler, FrameParser } from "../../src/h2/frame-parser.ts";

/** A frame as tests see it; DATA without its padding. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

export function encodeFrame(type: number, flags: number, id: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(frameHeaderSize + payload.length);
  writeFrameHeader(bytes, 0, payload.length, type, flags, id);
  bytes.set(payload, frameHeaderSize);
  return bytes;
}

/** The bytes of a number as frames hold it. */
export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

/** Puts DATA together again and keeps every frame. */
export class FrameCollector implements FrameHandler {
  readonly frames: Frame[] = [];
  readonly #parser: FrameParser;
  readonly #onFrame: (frame: Frame) => void;
  #data: { readonly flags: number; readonly id: number; readonly pieces: Buffer[] } = { flags: 0, id: 0, pieces: [] };

  constructor(preface: Uint8Array, onFrame: (frame: Frame) => void = () => {}) {
    this.#parser = new FrameParser(this, preface);
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    this.#parser.push(bytes);
  }

  frame(type: number, flags: number, id: number, payload: Uint8Array): void {
    this.#add({ type, flags, id, payload: Buffer.from(payload) });
  }

  dataStart(id: number, flags: number): void {
    this.#data = { flags, id, pieces: [] };
  }

  dataPiece(bytes: Uint8Array): void {
    this.#data.pieces.push(Buffer.from(bytes));
  }

  dataEnd(): void {
    const { flags, id, pieces } = this.#data;
    this.#add({ type: 0, flags, id, payload: Buffer.concat(pieces) });
  }

  #add(frame: Frame): void {
    this.frames.push(frame);
    this.#onFrame(frame);
  }
}
