import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Connection, HeaderList, Stream, StreamSink } from "../h2/connection.ts";
import { headerValue } from "../h2/header-list.ts";
import { errorCode } from "../h2/http2-error.ts";
import { messageHead } from "./framing.ts";
import { Inbox } from "./inbox.ts";
import type { ClientCall, MessageReceiver } from "./message-stream.ts";
import type { Metadata } from "./metadata.ts";
import { makeStatus, rpcError, type Status, statusCode, statusOf, statusOfTrailers } from "./status.ts";
import { streamError } from "./stream-error.ts";

/** One gRPC call on a client's HTTP/2 stream. */
export class OpenClientCall implements ClientCall {
  readonly headers: Promise<Metadata>;
  readonly status: Promise<Status>;
  readonly #stream: Stream;
  readonly #inbox: Inbox;
  readonly #resolveHeaders: (headers: Metadata) => void;
  readonly #resolveStatus: (status: Status) => void;
  #httpStatus: string | undefined;
  #ended = false;
  #over = false;

  constructor(connection: Connection, headers: HeaderList) {
    const began = Promise.withResolvers<Metadata>();
    const ended = Promise.withResolvers<Status>();
    this.headers = began.promise;
    this.status = ended.promise;
    this.#resolveHeaders = began.resolve;
    this.#resolveStatus = ended.resolve;
    this.#inbox = new Inbox({
      consumed: (bytes) => this.#stream.consumed(bytes),
      broken: (error) => this.fail(error),
    });
    this.#stream = connection.request(headers, this.#sink());
  }

  start(receiver: MessageReceiver): void {
    this.#inbox.start(receiver);
  }

  send(...parts: Uint8Array[]): boolean {
    if (this.#over || this.#ended) return true;
    return this.#stream.write(messageHead(parts.reduce((sum, part) => sum + part.length, 0)), ...parts);
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

  end(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    this.#stream.end();
  }

  cancel(): void {
    this.fail(rpcError(makeStatus(statusCode.cancelled, "the call was cancelled")));
  }

  /** Resets the call; `error` is what its receiver hears. */
  fail(error: LuakitError): void {
    if (this.#over) return;
    this.#stream.reset(errorCode.cancel);
    this.#settle(error);
  }

  #sink(): StreamSink {
    return {
      headers: (list, ended) => this.#receiveHeaders(list, ended),
      data: (bytes) => {
        // The body of an answer that is no gRPC says less than its status.
        if (this.#httpStatus === "200") this.#inbox.data(bytes);
        else this.#stream.consumed(bytes.length);
      },
      end: () => this.#finish(statusOfTrailers([], this.#httpStatus)),
      reset: (error) => this.#settle(streamError(error)),
      drain: () => this.#inbox.drain(),
    };
  }

  #receiveHeaders(list: HeaderList, ended: boolean): void {
    this.#httpStatus ??= headerValue(list, ":status");
    this.#resolveHeaders(list.filter(([name]) => !name.startsWith(":")));
    if (ended) this.#finish(statusOfTrailers(list, this.#httpStatus));
  }

  /** The peer has ended the call. */
  #finish(status: Status): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#ended) this.#stream.reset(errorCode.noError);
    this.#resolveHeaders([]);
    this.#resolveStatus(status);
    this.#inbox.end(status);
  }

  #settle(error: LuakitError): void {
    if (this.#over) return;
    this.#over = true;
    this.#resolveHeaders([]);
    this.#resolveStatus(statusOf(error) ?? makeStatus(statusCode.unavailable, error.message));
    this.#inbox.cancel(error);
  }
}
