import { LuakitError } from "../diagnostic/luakit-error.ts";
import { MessageReader } from "./framing.ts";
import type { MessageReceiver } from "./message-stream.ts";
import { makeStatus, rpcError, type Status, statusCode } from "./status.ts";

const nothing = new Uint8Array(0);

/** What an {@link Inbox} does to its HTTP/2 stream. */
export interface InboxStream {
  /** Bytes that were dealt with: the peer may send as many more. */
  consumed(bytes: number): void;
  /** The peer sent what is no gRPC: the call cannot go on. */
  broken(error: LuakitError): void;
}

/** The messages that come in on one call, put together from DATA, held back until there is a receiver that wants them. */
export class Inbox {
  readonly #stream: InboxStream;
  readonly #reader = new MessageReader();
  #receiver: MessageReceiver | undefined;
  /** Data that waits; its window is not given back. */
  #held: Uint8Array[] = [];
  /** What comes behind the messages. */
  #finish: ((receiver: MessageReceiver) => void) | undefined;
  #paused = false;
  /** Bytes that were delivered before the pause took hold, or in spite of it: the peer may replace them when it ends. */
  #owed = 0;
  #reading = false;
  #isCancelled = false;
  #over = false;

  constructor(stream: InboxStream) {
    this.#stream = stream;
  }

  start(receiver: MessageReceiver): void {
    this.#receiver = receiver;
    this.#reader.isBorrowed = receiver.isBorrowing === true;
    this.#continue();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#owed > 0) this.#stream.consumed(this.#owed);
    this.#owed = 0;
    if (!this.#reading) this.#continue();
  }

  drain(): void {
    if (!this.#over) this.#receiver?.drain?.();
  }

  /** DATA of the peer; copied as far as it is kept, and not by `slice()`, which copies nothing of a Buffer. */
  data(bytes: Uint8Array): void {
    if (this.#over) this.#stream.consumed(bytes.length);
    else if (this.#held.length > 0 || !this.#canDeliver || this.#reading) this.#held.push(new Uint8Array(bytes));
    else this.#read(bytes);
  }

  /** The peer sends no more; the receiver hears it behind all messages. Without a status, a cancel may follow. */
  end(status?: Status): void {
    if (this.#finish !== undefined || this.#over) return;
    this.#finish = (receiver) => {
      this.#finish = undefined;
      this.#over = status !== undefined;
      if (this.#reader.isEmpty) {
        receiver.end(status);
        return;
      }
      this.#over = true;
      receiver.cancel(rpcError(makeStatus(statusCode.internal, "the peer ended the call inside a message")));
    };
    this.#continue();
  }

  /** The call is over at once, whatever waits. */
  cancel(error: LuakitError): void {
    if (this.#over || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#held = [];
    this.#finish = (receiver) => {
      this.#over = true;
      receiver.cancel(error);
    };
    if (!this.#reading) this.#continue();
  }

  /** We need no more: nothing is delivered from now on. */
  close(): void {
    this.#over = true;
    this.#held = [];
  }

  get #canDeliver(): boolean {
    return this.#receiver !== undefined && !this.#holdsBack && !this.#isCancelled && !this.#over;
  }

  get #holdsBack(): boolean {
    return this.#paused && this.#receiver?.takesAll !== true;
  }

  #continue(): void {
    while (this.#held.length > 0 && this.#canDeliver) this.#read(this.#held.shift() ?? nothing);
    if (this.#receiver === undefined || this.#finish === undefined || this.#over) return;
    if (!this.#isCancelled && (this.#held.length > 0 || this.#holdsBack)) return;
    this.#finish(this.#receiver);
  }

  #read(bytes: Uint8Array): void {
    let next = 0;
    this.#reading = true;
    try {
      while (next < bytes.length && this.#canDeliver) next = this.#readMessage(bytes, next);
    } finally {
      this.#reading = false;
    }
    if (this.#paused) this.#owed += next;
    else this.#stream.consumed(next);
    if (next < bytes.length && !this.#over && !this.#isCancelled)
      this.#held.unshift(new Uint8Array(bytes.subarray(next)));
    if (this.#isCancelled) this.#continue();
  }

  /** The index after what was read. */
  #readMessage(bytes: Uint8Array, from: number): number {
    let read: ReturnType<MessageReader["read"]>;
    try {
      read = this.#reader.read(bytes, from);
    } catch (error) {
      if (!(error instanceof LuakitError)) throw error;
      this.#stream.broken(error);
      return bytes.length;
    }
    if (read.message !== undefined) this.#receiver?.message(read.message);
    return read.next;
  }
}
