import { frameFlag, readUint32 } from "./frame.ts";
import { errorCode, Http2Error } from "./http2-error.ts";

/** Empty CONTINUATION frames cost us and not the peer. */
const mostEmptyFrames = 16;

/** HEADERS with its CONTINUATION frames, put together. */
export class HeaderBlock {
  readonly #limit: number;
  #id = 0;
  #endsStream = false;
  #parts: Uint8Array[] = [];
  #size = 0;
  #emptyFrames = 0;

  /** A block of more than `limit` bytes ends the connection. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The stream whose CONTINUATION must come next, or 0. */
  get id(): number {
    return this.#id;
  }

  get endsStream(): boolean {
    return this.#endsStream;
  }

  /** Takes a HEADERS frame; the whole block when nothing follows. */
  start(id: number, flags: number, payload: Uint8Array): Uint8Array | undefined {
    this.#endsStream = (flags & frameFlag.endStream) !== 0;
    const fragment = takeFragment(id, flags, payload);
    if ((flags & frameFlag.endHeaders) !== 0) return fragment;
    this.#id = id;
    this.#parts = [Buffer.from(fragment)];
    this.#size = fragment.length;
    this.#emptyFrames = 0;
    return undefined;
  }

  /** Takes a CONTINUATION frame; the whole block with the last one. */
  continue(id: number, flags: number, payload: Uint8Array): Uint8Array | undefined {
    if (id !== this.#id || id === 0) throw new Http2Error(errorCode.protocolError, "CONTINUATION without HEADERS");
    this.#size += payload.length;
    if (payload.length === 0) this.#emptyFrames++;
    if (this.#size > this.#limit || this.#emptyFrames > mostEmptyFrames) {
      throw new Http2Error(errorCode.enhanceYourCalm, "headers in too many or too large frames");
    }
    this.#parts.push(Buffer.from(payload));
    if ((flags & frameFlag.endHeaders) === 0) return undefined;
    this.#id = 0;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    return block;
  }
}

/** The header block fragment without padding and priority. */
function takeFragment(id: number, flags: number, payload: Uint8Array): Uint8Array {
  const padded = (flags & frameFlag.padded) !== 0;
  const padding = padded ? (payload[0] ?? 0) : 0;
  let from = padded ? 1 : 0;
  if ((flags & frameFlag.priority) !== 0) {
    if (payload.length < from + 5) throw new Http2Error(errorCode.frameSizeError, "HEADERS without its priority");
    checkDependency(id, payload, from);
    from += 5;
  }
  if (from + padding > payload.length) {
    throw new Http2Error(errorCode.protocolError, "padding longer than its frame");
  }
  return payload.subarray(from, payload.length - padding);
}

/** RFC 7540 section 5.3.1; all that is left of priorities. */
export function checkDependency(id: number, payload: Uint8Array, at: number): void {
  if ((readUint32(payload, at) & 0x7fffffff) !== id) return;
  throw new Http2Error(errorCode.protocolError, "a stream that depends on itself");
}
