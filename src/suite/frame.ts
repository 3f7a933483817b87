import { readSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";

const headBytes = 4;

/** A message as bytes: their number, then the structured clone of the message. */
export function encodeFrame(message: unknown): Uint8Array {
  const body = serialize(message);
  const frame = new Uint8Array(headBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, headBytes);
  return frame;
}

/** Takes frames apart that come in pieces. */
export class FrameReader<T> {
  #waiting = new Uint8Array();

  /** The messages that are complete now. */
  take(piece: Uint8Array): T[] {
    this.#waiting = this.#waiting.length === 0 ? piece.slice() : Buffer.concat([this.#waiting, piece]);
    const messages: T[] = [];
    for (;;) {
      const size = sizeOf(this.#waiting);
      if (size === undefined || this.#waiting.length < headBytes + size) return messages;
      messages.push(deserialize(this.#waiting.subarray(headBytes, headBytes + size)));
      this.#waiting = this.#waiting.slice(headBytes + size);
    }
  }
}

function sizeOf(bytes: Uint8Array): number | undefined {
  return bytes.length < headBytes ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** Waits for the next message; undefined when the peer has gone. */
export function readFrame(descriptor: number): unknown {
  const head = readExactly(descriptor, headBytes);
  const size = head === undefined ? undefined : sizeOf(head);
  const body = size === undefined ? undefined : readExactly(descriptor, size);
  return body === undefined ? undefined : deserialize(body);
}

function readExactly(descriptor: number, size: number): Uint8Array | undefined {
  const bytes = new Uint8Array(size);
  let read = 0;
  while (read < size) {
    const count = retried(() => readSync(descriptor, bytes, read, size - read, null));
    if (count === 0) return undefined;
    read += count;
  }
  return bytes;
}

/** Writes a message; waits for a reader that is slow. */
export function writeFrame(descriptor: number, message: unknown): void {
  const frame = encodeFrame(message);
  let written = 0;
  while (written < frame.length) written += retried(() => writeSync(descriptor, frame, written));
}

function retried(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Bun.sleepSync(1);
    }
  }
}
