import { type HttpHead, parseHttpHead } from "./http-head.ts";

const nothing = new Uint8Array(0);
/** The most bytes of a body that are kept. */
const bodyLimit = 1024 * 1024;

/** Reads one HTTP/1.1 response from pieces: bodies by length, in chunks, or up to the end of the connection. */
export class HttpResponseReader {
  head: HttpHead | undefined;
  readonly #done: (status: number, body: Uint8Array) => void;
  #rest = nothing;
  #body = nothing;
  /** Bytes that the body, or the chunk, still has; undefined in chunks when the next line is a size. */
  #left: number | undefined;
  #isDone = false;

  constructor(done: (status: number, body: Uint8Array) => void) {
    this.#done = done;
  }

  /** Gives what follows an upgrade's head. Throws a RangeError for what is no response. */
  push(piece: Uint8Array): Uint8Array {
    if (this.#isDone) return nothing;
    this.#rest = join(this.#rest, piece);
    if (this.head === undefined && !this.#readHead()) return nothing;
    if (this.head?.status === 101) return this.#rest;
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

  #readHead(): boolean {
    for (;;) {
      const parsed = parseHttpHead(this.#rest);
      if (parsed === undefined) return false;
      this.#rest = this.#rest.slice(parsed.length);
      // 100 Continue and the like stand before the answer.
      if (parsed.head.status < 200 && parsed.head.status !== 101) continue;
      this.head = parsed.head;
      const length = parsed.head.headers.get("content-length");
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
      if (this.#left !== 0 || this.#rest.length < 2) return;
      this.#rest = this.#rest.slice(2);
      this.#left = undefined;
    }
  }

  #readChunkSize(): boolean {
    const end = this.#rest.indexOf(0x0a);
    if (end < 0) return false;
    const size = /^[0-9a-f]+/i.exec(new TextDecoder("latin1").decode(this.#rest.subarray(0, end)))?.[0];
    if (size === undefined) throw new RangeError("a chunk without a size");
    this.#rest = this.#rest.slice(end + 1);
    this.#left = Number.parseInt(size, 16);
    if (this.#left === 0) this.#finish();
    return !this.#isDone;
  }

  #take(length: number): void {
    const taken = this.#rest.subarray(0, length);
    if (this.#body.length < bodyLimit) this.#body = join(this.#body, taken);
    this.#rest = this.#rest.slice(taken.length);
    if (this.#left !== undefined) this.#left -= taken.length;
  }

  #finish(): void {
    this.#isDone = true;
    this.#done(this.head?.status ?? 0, this.#body);
  }
}

function join(before: Uint8Array<ArrayBuffer>, after: Uint8Array): Uint8Array<ArrayBuffer> {
  if (before.length === 0) return new Uint8Array(after);
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
