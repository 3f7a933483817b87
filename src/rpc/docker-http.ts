import type { ByteStream } from "../h2/byte-stream.ts";
import { formatHttpHead } from "./http-head.ts";
import { HttpResponseReader } from "./http-response.ts";
import { connectionError } from "./stream-error.ts";
import { gone } from "./unreachable.ts";

export interface EngineRequest {
  readonly method: "GET" | "POST";
  /** With its query, such as `/images/load?quiet=1`. */
  readonly path: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** There is room again after a `write()` that returned false. */
  onDrain?(): void;
  /** A piece of the answer's body, whatever its status; it is gone after the call. */
  onBody?(piece: Uint8Array): void;
}

export interface EngineResponse {
  readonly status: number;
  /** The first MiB of it. */
  readonly body: Uint8Array;
}

/** One request under way. */
export interface EngineCall {
  /** A piece of the body, which belongs to the call now. False: wait for `onDrain()`. A POST only. */
  write(bytes: Uint8Array): boolean;
  /** The body is complete. */
  end(): void;
  /** Gives the request up. */
  cancel(): void;
  /** May come before the body is complete. Rejects with "daemon.gone" or "daemon.unreachable". */
  readonly response: Promise<EngineResponse>;
}

/** One request on a connection of its own (see dialEngine), which ends with it. The body of a POST goes in chunks. */
export function requestEngine(bytes: ByteStream, request: EngineRequest): EngineCall {
  const { promise, resolve, reject } = Promise.withResolvers<EngineResponse>();
  const reader = new HttpResponseReader((status, body) => {
    resolve({ status, body });
    bytes.destroy();
  }, request.onBody?.bind(request));
  const isPost = request.method === "POST";
  bytes.start({
    data(piece) {
      try {
        reader.push(piece);
      } catch (error) {
        reject(gone(error instanceof Error ? error.message : String(error), error));
        bytes.destroy();
      }
    },
    drain: () => request.onDrain?.(),
    end: () => reader.end(),
    close: (error) => reject(error === undefined ? gone("the Docker Engine closed it") : connectionError(error)),
  });
  bytes.write(
    formatHttpHead(request.method, request.path, [
      ["Host", "docker"],
      ["Connection", "close"],
      ...(isPost ? [["Transfer-Encoding", "chunked"] as const] : []),
      ...(request.headers ?? []),
    ]),
  );
  return {
    write: (piece) => (piece.length === 0 ? true : writeChunk(bytes, piece)),
    end: () => {
      if (isPost) bytes.write(new TextEncoder().encode("0\r\n\r\n"));
    },
    cancel: () => bytes.destroy(),
    response: promise,
  };
}

function writeChunk(bytes: ByteStream, piece: Uint8Array): boolean {
  bytes.write(new TextEncoder().encode(`${piece.length.toString(16)}\r\n`));
  bytes.write(piece);
  return bytes.write(new TextEncoder().encode("\r\n"));
}
