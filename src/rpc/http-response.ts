import { type HttpHead, parseHttpHead } from "./http-head.ts";

const nothing = new Uint8Array(0);
/** The most bytes of a body that are kept. */
const bodyLimit = 1024 * 1024;
/** The most bytes of the line with a chunk's size. */
const sizeLimit = 4096;
const newline = 0x0a;

/** Reads one HTTP/1.1 response from pieces: bodies by length, in chunks, or up to the end of the connection. */
export class HttpResponseReader {
  head: HttpHead | undefined;
  readonly #done: (status: number, body: Uint8Array) => void;
  readonly #onBody: ((piece: Uint8Array) => void) | undefined;
  /** What was not looked at yet, from `#at` on. */
  #rest: Uint8Array = nothing;
  #at = 0;
  /** Room for the body, which grows by doubling. */
  #body = nothing;
  #bodySize = 0;
  /** Bytes that the body, or the chunk, still has; undefined in chunks when the next line is a size. */
  #left: number | undefined;
  #isDone = false;

  /** `onBody` gets the body in pieces, which it must not keep; the first MiB is handed to `done` all the same. */
  constructor(done: (status: number, body: Uint8Array) => void, onBody?: (piece: Uint8Array) => void) {
    this.#done = done;
    this.#onBody = onBody;
  }

  /** Gives what follows an upgrade's head. Throws a RangeError for what is no response. */
  push(piece: Uint8Array): Uint8Array {
    if (this.#isDone) return nothing;
    this.#rest = join(this.#rest.subarray(this.#at), piece);
    this.#at = 0;
    if (this.head === undefined && !(this.#mayEndHead(piece) && this.#readHead())) return nothing;
    if (this.head?.status === 101) return this.#rest.subarray(this.#at);
    if (this.#isChunked) this.#readChunks();
    else this.#readPlain();
    return nothing;
  }

  /** The connection has ended: a body without a length is complete. */
  end(): void {
    if (this.head !== undefined && !this.#isChunked && this.#left === Number.POSITIVE_INFINITY) this.#finish();
  }

  get #isChunked(): boolean {
    return this.head?.headers.get("transfer-encoding")?.toLowerCase() === "chunked";
  }

  /** A head that comes byte by byte is not looked at with each of them. */
  #mayEndHead(piece: Uint8Array): boolean {
    return this.#rest.length < 8 + piece.length || this.#rest.length >= 65_536 || piece.includes(newline);
  }

  #readHead(): boolean {
    for (;;) {
      const parsed = parseHttpHead(this.#rest.subarray(this.#at));
      if (parsed === undefined) return false;
      this.#at += parsed.length;
      // 100 Continue and the like stand before the answer.
      if (parsed.head.status < 200 && parsed.head.status !== 101) continue;
      this.head = parsed.head;
      const length = parsed.head.headers.get("content-length");
      if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new RangeError("a body without a length");
      const none = parsed.head.status === 204 || parsed.head.status === 304;
      if (!this.#isChunked) this.#left = none ? 0 : length === undefined ? Number.POSITIVE_INFINITY : Number(length);
      return true;
    }
  }

  #readPlain(): void {
    this.#take(this.#left ?? 0);
    if (this.#left === 0) this.#finish();
  }

  #readChunks(): void {
    while (!this.#isDone) {
      if (this.#left === undefined && !this.#readChunkSize()) return;
      this.#take(this.#left ?? 0);
      if (this.#left !== 0 || this.#rest.length < this.#at + 2) return;
      this.#at += 2;
      this.#left = undefined;
    }
  }

  #readChunkSize(): boolean {
    const end = this.#rest.indexOf(newline, this.#at);
    const length = (end < 0 ? this.#rest.length : end) - this.#at;
    if (length > sizeLimit) throw new RangeError("a chunk without a size");
    if (end < 0) return false;
    const size = /^[0-9a-f]+/i.exec(new TextDecoder("latin1").decode(this.#rest.subarray(this.#at, end)))?.[0];
    if (size === undefined) throw new RangeError("a chunk without a size");
    this.#at = end + 1;
    this.#left = Number.parseInt(size, 16);
    if (this.#left === 0) this.#finish();
    return !this.#isDone;
  }

  #take(length: number): void {
    const taken = this.#rest.subarray(this.#at, this.#at + length);
    this.#keep(taken.subarray(0, bodyLimit - this.#bodySize));
    if (taken.length > 0) this.#onBody?.(taken);
    this.#at += taken.length;
    if (this.#left !== undefined) this.#left -= taken.length;
  }

  #keep(bytes: Uint8Array): void {
    const size = this.#bodySize + bytes.length;
    if (size > this.#body.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(bodyLimit, this.#body.length * 2)));
      grown.set(this.#body.subarray(0, this.#bodySize));
      this.#body = grown;
    }
    this.#body.set(bytes, this.#bodySize);
    this.#bodySize = size;
  }

  #finish(): void {
    this.#isDone = true;
    this.#done(this.head?.status ?? 0, this.#body.subarray(0, this.#bodySize));
  }
}

function join(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
  if (before.length === 0) return new Uint8Array(after);
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
