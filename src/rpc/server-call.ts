import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { HeaderList, Stream, StreamSink } from "../h2/connection.ts";
import { headerValue } from "../h2/header-list.ts";
import { errorCode } from "../h2/http2-error.ts";
import { messageHead } from "./framing.ts";
import { Inbox } from "./inbox.ts";
import type { MessageReceiver, ServerCall } from "./message-stream.ts";
import type { Metadata } from "./metadata.ts";
import { okStatus, type Status, trailersOf } from "./status.ts";
import { streamError } from "./stream-error.ts";

const responseHeaders: HeaderList = [
  [":status", "200"],
  ["content-type", "application/grpc"],
];

/** One gRPC call on a server's HTTP/2 stream. */
export class OpenServerCall implements ServerCall, StreamSink {
  readonly path: string;
  readonly metadata: Metadata;
  readonly #stream: Stream;
  readonly #inbox: Inbox;
  #sentHeaders = false;
  #peerEnded: boolean;
  #over = false;

  constructor(stream: Stream, headers: HeaderList, ended: boolean) {
    this.path = headerValue(headers, ":path") ?? "";
    this.metadata = headers.filter(([name]) => !name.startsWith(":"));
    this.#stream = stream;
    this.#peerEnded = ended;
    this.#inbox = new Inbox({
      consumed: (bytes) => stream.consumed(bytes),
      broken: (error) => this.#cancel(error, errorCode.cancel),
    });
    if (ended) this.#inbox.end();
  }

  start(receiver: MessageReceiver): void {
    this.#inbox.start(receiver);
  }

  send(...parts: Uint8Array[]): boolean {
    if (this.#over) return true;
    const head = messageHead(parts.reduce((sum, part) => sum + part.length, 0));
    if (!this.#sentHeaders) this.#stream.sendHeaders(responseHeaders);
    this.#sentHeaders = true;
    return this.#stream.write(head, ...parts);
  }

  whenTaken(callback: () => void): void {
    if (!this.#over) this.#stream.whenTaken(callback);
  }

  pause(): void {
    this.#inbox.pause();
  }

  resume(): void {
    this.#inbox.resume();
  }

  finish(status: Status = okStatus): void {
    if (this.#over) return;
    this.#over = true;
    this.#inbox.close();
    const trailers = trailersOf(status);
    this.#stream.sendHeaders(this.#sentHeaders ? trailers : [...responseHeaders, ...trailers], true);
    if (!this.#peerEnded) this.#stream.reset(errorCode.noError);
  }

  // StreamSink

  headers(_: HeaderList, ended: boolean): void {
    if (ended) this.end();
  }

  data(bytes: Uint8Array): void {
    this.#inbox.data(bytes);
  }

  end(): void {
    this.#peerEnded = true;
    this.#inbox.end();
  }

  reset(error: Error): void {
    this.#over = true;
    this.#inbox.cancel(streamError(error));
  }

  drain(): void {
    this.#inbox.drain();
  }

  #cancel(error: LuakitError, code: number): void {
    this.#over = true;
    this.#stream.reset(code);
    this.#inbox.cancel(error);
  }
}
