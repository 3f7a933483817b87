import type { ByteStream } from "../../../src/h2/byte-stream.ts";
import {
  type Connection,
  type HeaderList,
  openConnection,
  type Stream,
  type StreamSink,
} from "../../../src/h2/connection.ts";
import { MessageSplitter, messageHead } from "./grpc-messages.ts";

/** Answers as `grpc-peer serve` does. `onError` hears of what a client must not do. */
export function serveGrpc(bytes: ByteStream, onError: (error: Error) => void): Connection {
  return openConnection(bytes, {
    role: "server",
    onStream: (stream, headers, ended) => {
      const answer = new Answer(stream, headers, onError);
      if (ended) answer.end();
      return answer;
    },
  });
}

class Answer implements StreamSink {
  readonly #stream: Stream;
  readonly #method: string;
  readonly #onError: (error: Error) => void;
  readonly #splitter = new MessageSplitter((message) => this.#echo(message));
  /** Bytes that the client gets window for when our side has drained. */
  #owed = 0;
  #isFull = false;
  #isDone = false;

  constructor(stream: Stream, headers: HeaderList, onError: (error: Error) => void) {
    this.#stream = stream;
    this.#method = headers.find(([name]) => name === ":path")?.[1] ?? "";
    this.#onError = onError;
    if (this.#method === "/peer/refuse") {
      this.#finish(9, "as asked", [[":status", "200"]]);
      return;
    }
    stream.sendHeaders([
      [":status", "200"],
      ["content-type", "application/grpc"],
      ["x-method", this.#method],
    ]);
  }

  headers(): void {
    this.#onError(new Error("trailers from a gRPC client"));
  }

  data(bytes: Uint8Array): void {
    if (!this.#isDone) this.#splitter.push(bytes);
    if (this.#isFull) this.#owed += bytes.length;
    else if (this.#method === "/peer/slow") setTimeout(() => this.#stream.consumed(bytes.length), Math.random() * 3);
    else this.#stream.consumed(bytes.length);
  }

  end(): void {
    if (!this.#splitter.isIdle) this.#onError(new Error("an end inside a message"));
    if (!this.#isDone) this.#finish(0, "");
  }

  reset(error: Error, code: number): void {
    if (code !== 8) this.#onError(error);
  }

  drain(): void {
    this.#isFull = false;
    this.#stream.consumed(this.#owed);
    this.#owed = 0;
  }

  #echo(message: Buffer): void {
    if (this.#isDone) return;
    this.#isFull = !this.#stream.write(messageHead(message.length), message);
    if (this.#method === "/peer/stop") this.#finish(0, "");
  }

  #finish(status: number, message: string, headers: HeaderList = []): void {
    this.#isDone = true;
    const trailers: HeaderList = [
      ["grpc-status", String(status)],
      ["grpc-message", message],
      ["x-trailer", this.#method],
    ];
    this.#stream.sendHeaders(
      [...headers, ...(headers.length > 0 ? [["content-type", "application/grpc"] as const] : []), ...trailers],
      true,
    );
    this.#stream.reset(0);
  }
}
