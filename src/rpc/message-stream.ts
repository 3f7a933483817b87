import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Metadata } from "./metadata.ts";
import type { Status } from "./status.ts";

/** Where one side of a call delivers. Either `end()` or `cancel()` comes last, unless we finished the call before. */
export interface MessageReceiver {
  /** It is done with the bytes of a message when `message()` returns: their memory is used again for the next. */
  readonly isBorrowing?: boolean;
  /** A pause only stops the peer: what it has sent by then is delivered at once, and waits nowhere else. */
  readonly takesAll?: boolean;
  /** A whole message, the receiver's to keep unless it borrows; one of no bytes too. */
  message(bytes: Uint8Array): void;
  /** The peer sends no more: it half-closed, or, of a call that we made, it ended the call with `status`. */
  end(status?: Status): void;
  /** The call was reset or cancelled, or its connection went. */
  cancel(error: LuakitError): void;
  /** There is room again after a `send()` that returned false. */
  drain?(): void;
}

/** Both directions of one gRPC call, as bytes of messages. */
export interface MessageStream {
  /** Called once; what came before is delivered then. */
  start(receiver: MessageReceiver): void;
  /**
   * Sends one message made of the parts, which are not copied and belong to the stream now. False: wait for `drain()`.
   * Throws "rpc.resource-exhausted" for more than 16 MiB.
   */
  send(...parts: Uint8Array[]): boolean;
  /** Calls back when all that was sent so far is copied and its memory can be used again; never, if the call ends. */
  whenTaken(callback: () => void): void;
  /** Stops delivery, unless the receiver takes all, and in the end the peer, until `resume()`. */
  pause(): void;
  resume(): void;
}

/** A call that the peer made. */
export interface ServerCall extends MessageStream {
  readonly path: string;
  readonly metadata: Metadata;
  /** Ends the call, OK when no status is given; nothing is delivered any more. */
  finish(status?: Status): void;
}

/** A call that we made. */
export interface ClientCall extends MessageStream {
  /** What the response begins with; empty when the call ended without. Never rejects. */
  readonly headers: Promise<Metadata>;
  /** How the call ended; never rejects. */
  readonly status: Promise<Status>;
  /** Half close: we send no more. */
  end(): void;
  /** Resets the call, with `cancel()` for its receiver. */
  cancel(): void;
}
