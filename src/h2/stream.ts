import { type HeaderList, headerValue } from "./header-list.ts";
import { errorCode, Http2Error } from "./http2-error.ts";
import { SendQueue } from "./send-queue.ts";

/** One exchange of headers and data in both directions. Calls on a stream that is closed do nothing. */
export interface Stream {
  readonly id: number;
  /** Response headers, or trailers, which end our side: then `end` is true. Before data, or behind all of it. */
  sendHeaders(headers: HeaderList, end?: boolean): void;
  /** Queues data and takes ownership of it. False: enough is queued, go on after `StreamSink.drain()`. */
  write(...parts: Uint8Array[]): boolean;
  /** Calls back when all that was written so far is copied and its memory can be used again; never, if it is dropped. */
  whenTaken(callback: () => void): void;
  /**
   * Ends our side, behind all that is queued. It is a DATA frame that ends it, an empty one if need be: grpc-go's server
   * waits for ever when a request's HEADERS do.
   */
  end(): void;
  /**
   * Ends both sides; the sink hears nothing more. What is queued is dropped, but with NO_ERROR (0) after our side has
   * ended it is sent first: so a server says that it needs no more of the request (RFC 9113 section 8.1).
   */
  reset(code: number): void;
  /** Gives window back to the peer: bytes of `StreamSink.data()` that are dealt with. */
  consumed(bytes: number): void;
}

/** What the peer sends on a stream. Nothing follows `reset()`, or the end of both sides. */
export interface StreamSink {
  /** Response headers or trailers; `ended`: nothing follows, `end()` is not called. */
  headers(list: HeaderList, ended: boolean): void;
  /** `bytes` are the sink's until it returns: copy what you keep. They count against the window until `consumed()`. */
  data(bytes: Uint8Array): void;
  /** The peer's side has ended behind data. */
  end(): void;
  /** The peer sent RST_STREAM or broke the rules, or the connection went: then `error` is a ConnectionError. */
  reset(error: Error, code: number): void;
  /** There is room again after a `write()` that returned false. */
  drain(): void;
}

/** What a stream needs of its connection. */
export interface StreamHost {
  /** Bytes that a stream queues before its writer has to wait. */
  readonly sendBuffer: number;
  /** Bytes of window that are given back at a time. */
  readonly windowStep: number;
  /** The stream has something to send. */
  ready(stream: OpenStream): void;
  /** Tells the peer, unless it has never heard of the stream. */
  sendReset(stream: OpenStream, code: number): void;
  giveWindow(id: number, bytes: number): void;
  /** Both sides have ended, or it was reset. */
  forget(stream: OpenStream): void;
}

/** A {@link Stream} with its states and windows (RFC 9113 sections 5.1 and 5.2). */
export class OpenStream implements Stream {
  readonly id: number;
  readonly queue = new SendQueue();
  /** Bytes that the peer lets us send; below zero after it has made its initial window smaller. */
  sendWindow: number;
  /** The output has it in a list. */
  isListed = false;
  /** HEADERS has gone out or come in, so the peer knows the stream. */
  isKnown: boolean;
  /** END_STREAM has gone out. */
  localEnded = false;
  remoteEnded = false;
  /** The request's or the response's headers have come in. */
  hasHeaders = false;
  /** What `content-length` promised, less what has come. */
  #contentLeft: number | undefined;
  #hasContent = false;
  isClosed = false;
  sink: StreamSink | undefined;
  readonly #host: StreamHost;
  readonly #isLocal: boolean;
  #receiveWindow: number;
  #unreturned = 0;
  #waitsForDrain = false;
  #resetsAfterEnd = false;

  constructor(
    id: number,
    host: StreamHost,
    windows: { readonly send: number; readonly receive: number },
    known: boolean,
  ) {
    this.id = id;
    this.#host = host;
    this.sendWindow = windows.send;
    this.#receiveWindow = windows.receive;
    this.isKnown = known;
    this.#isLocal = !known;
  }

  sendHeaders(headers: HeaderList, end = false): void {
    if (this.isClosed) return;
    this.#checkOpen();
    if (this.queue.size > 0 || this.queue.headers !== undefined) {
      if (!end) throw new Error("headers behind data must end the stream");
      this.queue.trailers = headers;
    } else {
      this.queue.headers = headers;
      this.queue.headersEnd = end;
    }
    this.queue.isEnded = end;
    this.#host.ready(this);
  }

  write(...parts: Uint8Array[]): boolean {
    if (this.isClosed) return true;
    this.#checkOpen();
    for (const part of parts) this.queue.push(part);
    this.#host.ready(this);
    this.#waitsForDrain ||= this.queue.size >= this.#host.sendBuffer;
    return !this.#waitsForDrain;
  }

  whenTaken(callback: () => void): void {
    if (!this.isClosed) this.queue.whenMoved(callback);
  }

  end(): void {
    if (this.isClosed || this.queue.isEnded) return;
    this.queue.isEnded = true;
    this.#host.ready(this);
  }

  reset(code: number): void {
    if (this.isClosed) return;
    if (code === errorCode.noError && this.queue.isEnded && !this.localEnded) {
      this.#resetsAfterEnd = true;
      return;
    }
    this.#host.sendReset(this, code);
    this.close();
  }

  consumed(bytes: number): void {
    if (this.isClosed || this.remoteEnded) return;
    this.#unreturned += bytes;
    if (this.#unreturned < this.#host.windowStep) return;
    this.#host.giveWindow(this.id, this.#unreturned);
    this.#receiveWindow += this.#unreturned;
    this.#unreturned = 0;
  }

  /** True once per `write()` that returned false, when what is queued is half gone. */
  takeDrain(): boolean {
    if (!this.#waitsForDrain || this.queue.size > this.#host.sendBuffer / 2) return false;
    this.#waitsForDrain = false;
    return !this.isClosed;
  }

  growWindow(bytes: number): void {
    this.sendWindow += bytes;
    if (this.sendWindow > 0 && this.queue.size > 0) this.#host.ready(this);
  }

  /** A request has come, and is right: `content-length` too when it has ended. */
  openRemote(headers: HeaderList, ended: boolean): void {
    this.hasHeaders = true;
    this.#contentLeft = contentLength(headers);
    this.remoteEnded = ended;
  }

  /** Response headers or trailers have come, and are right. */
  receiveHeaders(headers: HeaderList, ended: boolean): void {
    if (!this.hasHeaders) this.#contentLeft = contentLength(headers);
    this.hasHeaders = true;
    if (ended) this.#endRemote();
    this.sink?.headers(headers, ended);
  }

  /** A DATA frame of `length` bytes comes in, padding included. */
  receiveLength(length: number): void {
    if (this.remoteEnded) throw new Http2Error(errorCode.streamClosed, "data behind the end");
    if (!this.hasHeaders) throw new Http2Error(errorCode.protocolError, "data before headers");
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) throw new Http2Error(errorCode.flowControlError, "more data than the window");
  }

  receiveData(bytes: Uint8Array): void {
    this.#hasContent = true;
    if (this.#contentLeft !== undefined) this.#contentLeft -= bytes.length;
    this.sink?.data(bytes);
  }

  /** END_STREAM has come in with a DATA frame. */
  receiveEnd(): void {
    this.#endRemote();
    this.sink?.end();
  }

  /** END_STREAM has gone out. */
  endLocal(): void {
    this.localEnded = true;
    if (this.remoteEnded) this.close();
    else if (this.#resetsAfterEnd) this.reset(errorCode.noError);
  }

  /** Ends the stream for the sink: by the peer, by its fault, or with the connection. */
  fail(error: Http2Error): void {
    if (this.isClosed) return;
    this.close();
    this.sink?.reset(error, error.code);
  }

  close(): void {
    this.isClosed = true;
    this.queue.clear();
    this.#host.forget(this);
  }

  #endRemote(): void {
    this.#checkContentLength();
    this.remoteEnded = true;
    if (this.localEnded) this.close();
  }

  /** RFC 9113 section 8.1.1. A response without content may promise some: to HEAD, or 304. */
  #checkContentLength(): void {
    if (this.#contentLeft === undefined || this.#contentLeft === 0) return;
    if (this.#isLocal && !this.#hasContent) return;
    throw new Http2Error(errorCode.protocolError, "content-length is not the length of the content");
  }

  #checkOpen(): void {
    if (this.queue.isEnded) throw new Error("the stream has been ended");
  }
}

function contentLength(headers: HeaderList): number | undefined {
  const value = headerValue(headers, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
