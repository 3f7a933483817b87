import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import { openConnection } from "../h2/connection.ts";
import type { Init, Method } from "../wire/codec.ts";
import type { ServerCall } from "./message-stream.ts";
import type { Metadata } from "./metadata.ts";
import { OpenServerCall } from "./server-call.ts";
import { makeStatus, type Status, statusCode, statusOf } from "./status.ts";
import { connectionError } from "./stream-error.ts";

/** Answers one call: starts it, sends, and finishes it. */
export type Handler = (call: ServerCall) => void;

/** A gRPC service's handlers by path: `/package.Service/Method`. */
export type Service = readonly (readonly [path: string, handler: Handler])[];

/** A gRPC server on one connection. */
export interface Server {
  /** Resolves when the connection is over, with an error when it broke. Never rejects. */
  readonly closed: Promise<LuakitError | undefined>;
  /** Takes no more calls, finishes those that are open, ends the connection. */
  close(): void;
  /** Drops everything at once. */
  destroy(): void;
}

export interface UnaryContext {
  readonly metadata: Metadata;
  /** Aborts when the peer cancels the call, or is gone. */
  readonly signal: AbortSignal;
}

/**
 * Serves calls on `bytes`; paths are matched as BuildKit does, whatever their case. `streamWindow`: bytes that a peer may
 * send on one call before they are dealt with; default: that of {@link openConnection}.
 */
export function serve(bytes: ByteStream, services: readonly Service[], streamWindow?: number): Server {
  const handlers = new Map(services.flat().map(([path, handler]) => [path.toLowerCase(), handler]));
  const connection = openConnection(bytes, {
    role: "server",
    streamWindow,
    onStream(stream, headers, ended) {
      const call = new OpenServerCall(stream, headers, ended);
      // The stream has its sink only once this returns.
      queueMicrotask(() => handle(call, handlers.get(call.path.toLowerCase())));
      return call;
    },
  });
  return {
    closed: connection.closed.then((error) => (error === undefined ? undefined : connectionError(error))),
    close: () => connection.close(),
    destroy: () => connection.destroy(),
  };
}

/** Serves a method of one request and one response; what `run` throws is answered as a status. */
export function unary<I, O>(
  method: Method<I, O>,
  run: (request: I, context: UnaryContext) => Init<O> | Promise<Init<O>>,
): readonly [path: string, handler: Handler] {
  return [method.path, (call) => answer(call, method, run)];
}

/** A service that is loaded when one of its methods is first called. */
export function lateService(paths: readonly string[], load: () => Promise<Service>): Service {
  let loaded: Promise<ReadonlyMap<string, Handler>> | undefined;
  return paths.map((path) => [
    path,
    (call) => {
      loaded ??= load().then((service) => new Map(service));
      loaded.then(
        (handlers) => handle(call, handlers.get(path)),
        (error) => call.finish(statusOfThrown(error)),
      );
    },
  ]);
}

function answer<I, O>(
  call: ServerCall,
  method: Method<I, O>,
  run: (request: I, context: UnaryContext) => Init<O> | Promise<Init<O>>,
): void {
  const abort = new AbortController();
  let request: Uint8Array | undefined;
  const respond = async () => {
    if (request === undefined) throw new LuakitError("rpc.internal", "the call has no request");
    const context = { metadata: call.metadata, signal: abort.signal };
    call.send(method.response.encode(await run(method.request.decode(request), context)));
    call.finish();
  };
  call.start({
    message: (bytes) => {
      request ??= bytes;
    },
    end: () => {
      respond().catch((error) => call.finish(statusOfThrown(error)));
    },
    cancel: (error) => abort.abort(error),
  });
}

function handle(call: ServerCall, handler: Handler | undefined): void {
  if (handler === undefined) {
    call.finish(makeStatus(statusCode.unimplemented, `this client does not serve ${call.path}`));
    return;
  }
  try {
    handler(call);
  } catch (error) {
    call.finish(statusOfThrown(error));
  }
}

function statusOfThrown(error: unknown): Status {
  return statusOf(error) ?? makeStatus(statusCode.unknown, error instanceof Error ? error.message : String(error));
}
