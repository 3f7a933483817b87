import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ClientCall } from "./message-stream.ts";
import { rpcError, statusCode } from "./status.ts";

/** Messages that may wait for the loop before the peer is stopped. */
const waitingLimit = 256;

/**
 * The messages that the peer sends, from now on; the loop ends with the call and throws when it failed, with the
 * signal's reason when that was why. Leaving the loop cancels the call.
 */
export function receiveMessages(call: ClientCall, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  const queue = new MessageQueue(call, signal);
  return queue.iterate();
}

class MessageQueue {
  readonly #call: ClientCall;
  readonly #waiting: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(call: ClientCall, signal: AbortSignal | undefined) {
    this.#call = call;
    call.start({
      message: (bytes) => {
        this.#waiting.push(bytes);
        if (this.#waiting.length >= waitingLimit) call.pause();
        this.#wake?.();
      },
      end: (status) => this.#end(status === undefined || status.code === statusCode.ok ? undefined : rpcError(status)),
      cancel: (error) => this.#end(error, signal),
    });
  }

  async *iterate(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
        if (this.#isOver) break;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        this.#call.resume();
        await promise;
      }
    } finally {
      this.#call.cancel();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #end(error: LuakitError | undefined, signal?: AbortSignal): void {
    this.#isOver = true;
    if (error !== undefined) this.#failure = { error: signal?.aborted === true ? signal.reason : error };
    this.#wake?.();
  }
}
