import type { ByteSink, ByteStream } from "../h2/byte-stream.ts";
import { formatHttpHead } from "./http-head.ts";
import { HttpResponseReader } from "./http-response.ts";
import { LateSink } from "./late-sink.ts";

export interface UpgradeRequest {
  readonly path: string;
  /** The protocol to change to. */
  readonly protocol: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** An answer that does not change the protocol. */
export interface Refusal {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * Sends a POST that asks to change the protocol; gives the stream from behind the answer, or what was answered instead.
 * Rejects with the stream's error when it ends before.
 */
export function upgrade(bytes: ByteStream, request: UpgradeRequest): Promise<ByteStream | Refusal> {
  const { promise, resolve, reject } = Promise.withResolvers<ByteStream | Refusal>();
  const upgraded = new UpgradedStream(bytes);
  const reader = new HttpResponseReader((status, body) => resolve({ status, body }));
  const ended = () => reject(new Error("the connection ended before there was an answer"));
  const handshake: ByteSink = {
    data(piece) {
      try {
        const rest = reader.push(piece);
        if (reader.head?.status !== 101) return;
        upgraded.begin(rest);
        resolve(upgraded);
      } catch (error) {
        reject(error);
      }
    },
    drain: () => undefined,
    end() {
      reader.end();
      ended();
    },
    close: (error) => (error === undefined ? ended() : reject(error)),
  };
  bytes.start(upgraded.sinkFor(handshake));
  bytes.write(
    formatHttpHead("POST", request.path, [
      ["Host", "docker"],
      ["Connection", "Upgrade"],
      ["Upgrade", request.protocol],
      ...(request.headers ?? []),
    ]),
  );
  return promise;
}

/** The rest of a stream, for whoever starts it behind the handshake. */
class UpgradedStream implements ByteStream {
  readonly #bytes: ByteStream;
  readonly #sink = new LateSink();
  #isOpen = false;

  constructor(bytes: ByteStream) {
    this.#bytes = bytes;
  }

  /** What the stream itself delivers to. */
  sinkFor(handshake: ByteSink): ByteSink {
    const target = () => (this.#isOpen ? this.#sink : handshake);
    return {
      data: (piece) => target().data(piece),
      drain: () => target().drain(),
      end: () => target().end(),
      close: (error) => target().close(error),
    };
  }

  begin(rest: Uint8Array): void {
    this.#isOpen = true;
    this.#bytes.pause();
    if (rest.length > 0) this.#sink.data(rest);
  }

  start(sink: ByteSink): void {
    this.#sink.attach(sink);
    this.#bytes.resume();
  }

  write(bytes: Uint8Array, release?: () => void): boolean {
    return this.#bytes.write(bytes, release);
  }

  pause(): void {
    this.#bytes.pause();
  }

  resume(): void {
    this.#bytes.resume();
  }

  end(): void {
    this.#bytes.end();
  }

  destroy(): void {
    this.#bytes.destroy();
  }
}
