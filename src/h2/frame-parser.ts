import { frameFlag, frameHeaderSize, frameSize, frameType, readUint16, readUint32 } from "./frame.ts";
import { errorCode, Http2Error } from "./http2-error.ts";

const nothing = new Uint8Array(0);

/** Where the frames of one direction go. What throws ends the connection. */
export interface FrameHandler {
  /** A whole frame other than DATA; `payload` is valid until it returns. */
  frame(type: number, flags: number, id: number, payload: Uint8Array): void;
  /** The head of a DATA frame; `length` counts padding, as flow control does. */
  dataStart(id: number, flags: number, length: number): void;
  /** Some of its content, as it comes; valid until it returns. */
  dataPiece(bytes: Uint8Array): void;
  /** Its last byte has come; `padding` counts the padding's length byte too. */
  dataEnd(flags: number, padding: number): void;
}

/** Cuts a byte stream into frames, wherever the bytes are split. DATA is handed on without waiting for the rest. */
export class FrameParser {
  readonly #handler: FrameHandler;
  #preface: Uint8Array;
  #stopped = false;
  readonly #head = new Uint8Array(frameHeaderSize);
  #headLength = 0;
  #type = 0;
  #flags = 0;
  #id = 0;
  #length = 0;
  /** Bytes of the payload that have not come; of DATA, without padding. */
  #left = 0;
  #padding = 0;
  #paddingLeft = 0;
  #padded = false;
  #payload: Uint8Array | undefined;

  /** `preface` is what must come before the first frame. */
  constructor(handler: FrameHandler, preface: Uint8Array) {
    this.#handler = handler;
    this.#preface = preface;
  }

  /** Nothing is handed on any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** True between two frames. */
  get isIdle(): boolean {
    return this.#headLength === 0;
  }

  push(bytes: Uint8Array): void {
    let at = this.#preface.length > 0 ? this.#takePreface(bytes) : 0;
    while (at < bytes.length && !this.#stopped) {
      if (this.#headLength < frameHeaderSize) at = this.#takeHead(bytes, at);
      else if (this.#type === frameType.data) at = this.#takeData(bytes, at);
      else at = this.#takePayload(bytes, at);
    }
  }

  #takePreface(bytes: Uint8Array): number {
    const length = Math.min(this.#preface.length, bytes.length);
    for (let index = 0; index < length; index++) {
      if (bytes[index] !== this.#preface[index]) {
        throw new Http2Error(errorCode.protocolError, "the peer does not speak HTTP/2");
      }
    }
    this.#preface = this.#preface.subarray(length);
    return length;
  }

  #takeHead(bytes: Uint8Array, at: number): number {
    if (this.#headLength === 0 && at + frameHeaderSize <= bytes.length) {
      this.#headLength = frameHeaderSize;
      this.#begin(bytes, at);
      return at + frameHeaderSize;
    }
    let next = at;
    while (this.#headLength < frameHeaderSize && next < bytes.length)
      this.#head[this.#headLength++] = bytes[next++] ?? 0;
    if (this.#headLength === frameHeaderSize) this.#begin(this.#head, 0);
    return next;
  }

  #begin(head: Uint8Array, at: number): void {
    this.#length = (readUint16(head, at) << 8) | (head[at + 2] ?? 0);
    this.#type = head[at + 3] ?? 0;
    this.#flags = head[at + 4] ?? 0;
    this.#id = readUint32(head, at + 5) & 0x7fffffff;
    this.#left = this.#length;
    if (this.#length > frameSize) {
      throw new Http2Error(errorCode.frameSizeError, `a frame of ${this.#length} bytes`);
    }
    if (this.#type === frameType.data) this.#beginData();
    else if (this.#length === 0) this.#finish(nothing);
  }

  #beginData(): void {
    this.#padded = (this.#flags & frameFlag.padded) !== 0;
    this.#padding = 0;
    this.#paddingLeft = 0;
    if (this.#padded && this.#length === 0) throw wrongPadding();
    this.#handler.dataStart(this.#id, this.#flags, this.#length);
    if (this.#length === 0) this.#finishData();
  }

  #takeData(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.#padded) {
      this.#padded = false;
      this.#paddingLeft = bytes[at++] ?? 0;
      this.#padding = this.#paddingLeft + 1;
      if (this.#padding > this.#length) throw wrongPadding();
      this.#left = this.#length - this.#padding;
    }
    const piece = Math.min(this.#left, bytes.length - at);
    if (piece > 0) {
      this.#left -= piece;
      this.#handler.dataPiece(bytes.subarray(at, at + piece));
      at += piece;
    }
    const skipped = this.#left > 0 ? 0 : Math.min(this.#paddingLeft, bytes.length - at);
    this.#paddingLeft -= skipped;
    if (this.#left === 0 && this.#paddingLeft === 0) this.#finishData();
    return at + skipped;
  }

  #finishData(): void {
    this.#headLength = 0;
    if (!this.#stopped) this.#handler.dataEnd(this.#flags, this.#padding);
  }

  #takePayload(bytes: Uint8Array, at: number): number {
    const piece = Math.min(this.#left, bytes.length - at);
    if (piece === this.#length) {
      this.#finish(bytes.subarray(at, at + piece));
      return at + piece;
    }
    this.#payload ??= new Uint8Array(frameSize);
    this.#payload.set(bytes.subarray(at, at + piece), this.#length - this.#left);
    this.#left -= piece;
    if (this.#left === 0) this.#finish(this.#payload.subarray(0, this.#length));
    return at + piece;
  }

  #finish(payload: Uint8Array): void {
    this.#headLength = 0;
    this.#handler.frame(this.#type, this.#flags, this.#id, payload);
  }
}

function wrongPadding(): Http2Error {
  return new Http2Error(errorCode.protocolError, "padding longer than its frame");
}
