import type { MessageReceiver, ServerCall } from "../../../src/rpc/message-stream.ts";
import type { Metadata } from "../../../src/rpc/metadata.ts";
import { okStatus, type Status } from "../../../src/rpc/status.ts";

/** One end of a call whose other end is in the same process. */
export class LocalCall implements ServerCall {
  readonly path = "";
  readonly metadata: Metadata;
  /** How this side finished the call. */
  readonly finished: Promise<Status>;
  /** What was sent, as far as a test wants to look. */
  readonly sent: Uint8Array[] = [];
  peer: LocalCall | undefined;
  readonly #finish: (status: Status) => void;
  #receiver: MessageReceiver | undefined;
  #inbox: Uint8Array[] = [];
  #isPaused = false;
  #isOver = false;
  #isFull = false;

  constructor(metadata: Metadata = []) {
    this.metadata = metadata;
    const { promise, resolve } = Promise.withResolvers<Status>();
    this.finished = promise;
    this.#finish = resolve;
  }

  start(receiver: MessageReceiver): void {
    this.#receiver = receiver;
    this.#deliver();
  }

  /** Copies, as a real call does; is full after some messages so that senders meet back-pressure. */
  send(...parts: Uint8Array[]): boolean {
    if (this.#isOver) return true;
    const message = new Uint8Array(Buffer.concat(parts));
    this.sent.push(message);
    this.peer?.take(message);
    this.#isFull = this.sent.length % 50 === 0;
    if (this.#isFull) setImmediate(() => this.#receiver?.drain?.());
    return !this.#isFull;
  }

  whenTaken(callback: () => void): void {
    callback();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliver();
  }

  finish(status: Status = okStatus): void {
    this.#isOver = true;
    this.#finish(status);
  }

  /** The peer sends no more. */
  endPeer(): void {
    if (!this.#isOver) this.#receiver?.end();
  }

  take(message: Uint8Array): void {
    this.#inbox.push(message);
    setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    while (this.#receiver !== undefined && !this.#isPaused && !this.#isOver) {
      const message = this.#inbox.shift();
      if (message === undefined) return;
      this.#receiver.message(message);
    }
  }
}

/** Two ends: what one sends the other receives. */
export function callPair(metadata?: Metadata): [LocalCall, LocalCall] {
  const [a, b] = [new LocalCall(metadata), new LocalCall()];
  a.peer = b;
  b.peer = a;
  return [a, b];
}
