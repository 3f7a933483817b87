import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import { type Connection, openConnection } from "../h2/connection.ts";
import type { Init, Method } from "../wire/codec.ts";
import { type CallParties, callHeaders } from "./call-headers.ts";
import { OpenClientCall } from "./client-call.ts";
import { checkLength } from "./framing.ts";
import type { ClientCall } from "./message-stream.ts";
import type { Metadata } from "./metadata.ts";
import { receiveMessages } from "./receive-messages.ts";
import { makeStatus, rpcError, statusCode } from "./status.ts";
import { connectionError } from "./stream-error.ts";
import { gone } from "./unreachable.ts";

export interface ChannelOptions extends CallParties {
  /** The peer is on this machine; default: it may be far. */
  readonly isNear?: boolean | undefined;
}

export interface CallOptions {
  readonly metadata?: Metadata | undefined;
  /** Cancels the call; promises reject with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** gRPC calls on one connection. A call fails with "rpc.…" (see rpcError), "daemon.gone" or "daemon.unreachable". */
export interface Channel {
  /** The peer is on this machine: little has to be under way at a time for full speed. */
  readonly isNear: boolean;
  unary<I, O>(method: Method<I, O>, request: Init<I>, options?: CallOptions): Promise<O>;
  /** One request, many responses; the request is sent at once, and the call cancelled when the loop is left. */
  stream<I, O>(
    method: Method<I, O>,
    request: Init<I>,
    options?: CallOptions & { onHeaders?(metadata: Metadata): void },
  ): AsyncIterable<O>;
  /** Any call, message by message. */
  open(path: string, options?: CallOptions): ClientCall;
  /** Makes no more calls, finishes those that are open, ends the connection. */
  close(): void;
  /** Drops everything at once. */
  destroy(): void;
  /** Undefined when we closed it. Never rejects. */
  readonly closed: Promise<LuakitError | undefined>;
}

/** Speaks gRPC as a client on `bytes`, which belong to the channel from now on. */
export function openChannel(bytes: ByteStream, options: ChannelOptions = {}): Channel {
  return new OpenChannel(bytes, options);
}

class OpenChannel implements Channel {
  readonly isNear: boolean;
  readonly closed: Promise<LuakitError | undefined>;
  readonly #connection: Connection;
  readonly #options: ChannelOptions;
  #isClosed = false;

  constructor(bytes: ByteStream, options: ChannelOptions) {
    this.#options = options;
    this.isNear = options.isNear === true;
    this.#connection = openConnection(bytes, { role: "client" });
    this.closed = this.#connection.closed.then((error) => {
      if (this.#isClosed) return undefined;
      return error === undefined ? gone("the daemon closed it") : connectionError(error);
    });
  }

  async unary<I, O>(method: Method<I, O>, request: Init<I>, options: CallOptions = {}): Promise<O> {
    const sent = encode(method, request);
    const call = this.#open(method.path, options);
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    let response: Uint8Array | undefined;
    call.start({
      message: (bytes) => {
        response = bytes;
      },
      end: (status) => {
        if (status !== undefined && status.code !== statusCode.ok) reject(rpcError(status));
        else if (response === undefined) reject(broken("the call ended without a response"));
        else resolve(response);
      },
      cancel: (error) => reject(options.signal?.aborted === true ? options.signal.reason : error),
    });
    call.send(sent);
    call.end();
    return decode(method, await promise);
  }

  stream<I, O>(
    method: Method<I, O>,
    request: Init<I>,
    options: CallOptions & { onHeaders?(metadata: Metadata): void } = {},
  ): AsyncIterable<O> {
    const sent = encode(method, request);
    const call = this.#open(method.path, options);
    call.headers.then((headers) => options.onHeaders?.(headers));
    const messages = receiveMessages(call, options.signal);
    call.send(sent);
    call.end();
    return decodeAll(method, messages);
  }

  open(path: string, options: CallOptions = {}): ClientCall {
    return this.#open(path, options);
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#connection.destroy();
  }

  #open(path: string, { metadata = [], signal }: CallOptions): OpenClientCall {
    signal?.throwIfAborted();
    const call = new OpenClientCall(this.#connection, callHeaders(path, this.#options, metadata));
    if (signal === undefined) return call;
    const abort = () => call.fail(errorOfReason(signal.reason));
    signal.addEventListener("abort", abort);
    call.status.then(() => signal.removeEventListener("abort", abort));
    return call;
  }
}

function encode<I>(method: Method<I, unknown>, request: Init<I>): Uint8Array {
  const bytes = method.request.encode(request);
  checkLength(bytes.length);
  return bytes;
}

async function* decodeAll<O>(method: Method<unknown, O>, messages: AsyncIterable<Uint8Array>): AsyncIterable<O> {
  for await (const bytes of messages) yield decode(method, bytes);
}

function decode<O>(method: Method<unknown, O>, bytes: Uint8Array): O {
  try {
    return method.response.decode(bytes);
  } catch (cause) {
    throw broken(`the answer to ${method.path} is malformed: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function broken(what: string): LuakitError {
  return rpcError(makeStatus(statusCode.internal, what));
}

function errorOfReason(reason: unknown): LuakitError {
  if (reason instanceof LuakitError) return reason;
  return rpcError(makeStatus(statusCode.cancelled, "the call was cancelled"));
}
