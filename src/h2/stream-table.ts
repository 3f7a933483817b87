import type { OpenStream } from "./stream.ts";

/** How many closed streams are remembered. */
const memory = 1024;

/** The streams of a connection by id, and what is known of those that are gone (RFC 9113 section 5.1). */
export class StreamTable {
  readonly #open = new Map<number, OpenStream>();
  /** True: we reset it, so frames may be under way that mean no harm. */
  readonly #closed = new Map<number, boolean>();
  readonly #isLocal: (id: number) => boolean;
  #nextLocal: number;
  #lastRemote = 0;
  #remoteCount = 0;

  constructor(role: "client" | "server") {
    const parity = role === "client" ? 1 : 0;
    this.#nextLocal = role === "client" ? 1 : 2;
    this.#isLocal = (id) => id % 2 === parity;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The highest id that the peer has used. */
  get lastRemote(): number {
    return this.#lastRemote;
  }

  /** Open streams that the peer began. */
  get remoteCount(): number {
    return this.#remoteCount;
  }

  isLocal(id: number): boolean {
    return this.#isLocal(id);
  }

  takeLocalId(): number {
    const id = this.#nextLocal;
    this.#nextLocal += 2;
    return id;
  }

  /** Nobody has used `id` yet. */
  isIdle(id: number): boolean {
    return this.#isLocal(id) ? id >= this.#nextLocal : id > this.#lastRemote;
  }

  /** The peer begins with `id`, whatever becomes of it. */
  useRemoteId(id: number): void {
    this.#lastRemote = id;
  }

  get(id: number): OpenStream | undefined {
    return this.#open.get(id);
  }

  values(): OpenStream[] {
    return [...this.#open.values()];
  }

  add(stream: OpenStream): void {
    this.#open.set(stream.id, stream);
    if (!this.#isLocal(stream.id)) this.#remoteCount++;
  }

  remove(stream: OpenStream): void {
    if (!this.#open.delete(stream.id)) return;
    if (!this.#isLocal(stream.id)) this.#remoteCount--;
    if (!this.#closed.has(stream.id)) this.remember(stream.id, false);
  }

  /** `wasReset`: by us. */
  remember(id: number, wasReset: boolean): void {
    this.#closed.set(id, wasReset);
    if (this.#closed.size <= memory) return;
    for (const oldest of this.#closed.keys()) {
      this.#closed.delete(oldest);
      return;
    }
  }

  /** What became of a stream that is neither idle nor open. */
  fate(id: number): "ended" | "reset" | "forgotten" {
    const wasReset = this.#closed.get(id);
    if (wasReset === undefined) return "forgotten";
    return wasReset ? "reset" : "ended";
  }
}
