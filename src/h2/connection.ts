import type { ByteSink, ByteStream } from "./byte-stream.ts";
import { clientPreface, frameType, writeUint32 } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";
import { HeaderDecoder } from "./header-decoder.ts";
import { HeaderEncoder } from "./header-encoder.ts";
import type { HeaderList } from "./header-list.ts";
import { ConnectionError, errorCode, formatErrorCode, Http2Error } from "./http2-error.ts";
import { Output } from "./output.ts";
import { Receiver, type ReceiverHost } from "./receiver.ts";
import { setting, settingsSize, writeSettings } from "./settings.ts";
import type { Stream, StreamSink } from "./stream.ts";
import { type AcceptStream, StreamTable } from "./stream-table.ts";

export type { HeaderList } from "./header-list.ts";
export type { Stream, StreamSink } from "./stream.ts";

export interface ConnectionOptions {
  readonly role: "client" | "server";
  /** Server: a request has come. `ended`: it has no body, and the sink's `end()` is not called. */
  readonly onStream?: AcceptStream;
  /** Bytes that a peer may send on one stream before `consumed()`; 16 MiB. */
  readonly streamWindow?: number | undefined;
  /** Bytes that a peer may have under way on all streams; 64 MiB. */
  readonly connectionWindow?: number;
  /** Bytes that a stream queues before `write()` returns false; 1 MiB. */
  readonly sendBuffer?: number;
  /** Streams that the peer may have open at a time; 1000. */
  readonly maxStreams?: number;
  /** Bytes of one header list; 8 MiB. */
  readonly maxHeaderList?: number;
}

/** HTTP/2 with prior knowledge (RFC 9113) over one byte stream. */
export interface Connection {
  /** Client: begins a stream with headers and without END_STREAM. Refused: the sink's `reset()` is called later. */
  request(headers: HeaderList, sink: StreamSink): Stream;
  /** Resolves with the peer's answer; rejects when the connection goes. */
  ping(): Promise<void>;
  /** Begins no more streams, finishes those that are open, then ends the byte stream. */
  close(): void;
  /** Drops everything at once. */
  destroy(error?: Error): void;
  /** Undefined: it was closed, by either side, with no stream open. Never rejects. */
  readonly closed: Promise<Error | undefined>;
}

/** Starts HTTP/2 on `bytes`; requests may follow at once. */
export function openConnection(bytes: ByteStream, options: ConnectionOptions): Connection {
  const connection = new OpenConnection(bytes, options);
  bytes.start(connection.sink);
  return connection;
}

/** SETTINGS_HEADER_TABLE_SIZE, the default of RFC 9113. */
const tableSize = 4096;

/** Milliseconds that a peer may take to read what is left and to close, after a clean end and after an error. */
const lingerTime = { clean: 10_000, error: 1000 };

class OpenConnection implements Connection, ReceiverHost {
  readonly role: "client" | "server";
  readonly streams: StreamTable;
  readonly output: Output;
  readonly decoder: HeaderDecoder;
  readonly maxStreams: number;
  readonly maxHeaderList: number;
  readonly connectionWindow: number;
  readonly closed: Promise<Error | undefined>;
  readonly #bytes: ByteStream;
  readonly #streamWindow: number;
  readonly #encoder = new HeaderEncoder();
  readonly #parser: FrameParser;
  readonly #resolveClosed: (error: Error | undefined) => void;
  readonly #pings: { resolve(): void; reject(error: Error): void }[] = [];
  #isFlushScheduled = false;
  /** `close()` was called. */
  #isClosing = false;
  /** The peer has sent GOAWAY. */
  #isPeerClosing = false;
  /** Nothing is read any more. */
  #isOver = false;
  /** The byte stream has been ended. */
  #hasEnded = false;
  #error: Error | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(bytes: ByteStream, options: ConnectionOptions) {
    this.role = options.role;
    this.maxStreams = options.maxStreams ?? 1000;
    this.maxHeaderList = options.maxHeaderList ?? 8 * 1024 * 1024;
    this.connectionWindow = Math.max(65_535, options.connectionWindow ?? 64 * 1024 * 1024);
    this.#streamWindow = options.streamWindow ?? 16 * 1024 * 1024;
    this.#bytes = bytes;
    this.output = new Output(bytes, this.#encoder);
    this.decoder = new HeaderDecoder(tableSize, this.maxHeaderList);
    this.streams = new StreamTable({
      role: this.role,
      output: this.output,
      schedule: () => this.#schedule(),
      onStream: options.onStream,
      streamWindow: this.#streamWindow,
      sendBuffer: options.sendBuffer ?? 1024 * 1024,
    });
    const preface = Buffer.from(clientPreface);
    this.#parser = new FrameParser(new Receiver(this), this.role === "server" ? preface : Buffer.alloc(0));
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    if (this.role === "client") this.output.preface(preface);
    this.#sendSettings();
  }

  /** Where the byte stream delivers. */
  readonly sink: ByteSink = {
    data: (bytes) => this.#receive(bytes),
    drain: () => {
      this.output.unblock();
      this.#flush();
    },
    end: () => this.#receiveEnd(),
    close: (error) => this.#receiveClose(error),
  };

  get isAccepting(): boolean {
    return !this.#isClosing;
  }

  request(headers: HeaderList, sink: StreamSink): Stream {
    if (!this.#isOver && !this.#isClosing && !this.#isPeerClosing) return this.streams.open(headers, sink);
    const stream = this.streams.create(sink);
    queueMicrotask(() => stream.fail(this.#asConnectionError(errorCode.refusedStream)));
    return stream;
  }

  ping(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#isOver) {
      reject(this.#asConnectionError(errorCode.internalError));
      return promise;
    }
    this.#pings.push({ resolve, reject });
    this.output.control(8, frameType.ping, 0, 0).fill(0);
    this.#schedule();
    return promise;
  }

  close(): void {
    if (this.#isOver || this.#isClosing) return;
    this.#isClosing = true;
    this.#sendGoaway(errorCode.noError, "");
  }

  destroy(error?: Error): void {
    this.#stop(error);
    this.#hasEnded = true;
    this.#bytes.destroy();
    this.#resolveClosed(this.#error);
  }

  setting(id: number, value: number): void {
    if (id === setting.headerTableSize) this.#encoder.limitTable(value);
    else if (id === setting.maxConcurrentStreams) this.output.maxStreams = value;
    else if (id === setting.initialWindowSize) this.streams.moveSendWindows(value);
    else if (id === setting.enablePush && value === 1 && this.role === "client") {
      throw new Http2Error(errorCode.protocolError, "ENABLE_PUSH from a server");
    }
  }

  pong(): void {
    this.#pings.shift()?.resolve();
  }

  goaway(lastId: number, code: number, text: string): void {
    const reason = `the peer ends the connection: ${formatErrorCode(code)}${text === "" ? "" : ` (${text})`}`;
    this.#isPeerClosing = true;
    if (code !== errorCode.noError) this.#error ??= new ConnectionError(code, reason);
    this.streams.failAbove(lastId, new ConnectionError(errorCode.refusedStream, reason));
  }

  #sendSettings(): void {
    const settings: [id: number, value: number][] = [
      this.role === "client" ? [setting.enablePush, 0] : [setting.maxConcurrentStreams, this.maxStreams],
      [setting.initialWindowSize, this.#streamWindow],
      [setting.maxHeaderListSize, this.maxHeaderList],
    ];
    writeSettings(this.output.control(settingsSize(settings), frameType.settings, 0, 0), settings);
    const more = this.connectionWindow - 65_535;
    if (more > 0) this.output.controlNumber(frameType.windowUpdate, 0, more);
    this.#schedule();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      this.#abort(error);
    }
    this.#schedule();
  }

  #receiveEnd(): void {
    const isClean = this.streams.size === 0 && this.#parser.isIdle;
    this.#stop(isClean ? undefined : new ConnectionError(errorCode.internalError, "the peer ended the connection"));
    this.#finish();
  }

  #receiveClose(error: Error | undefined): void {
    const isClean = error === undefined && this.streams.size === 0;
    const text = error === undefined ? "the connection was closed" : `the connection broke: ${error.message}`;
    this.#stop(isClean ? undefined : new ConnectionError(errorCode.internalError, text, { cause: error }));
    this.#hasEnded = true;
    clearTimeout(this.#linger);
    this.#resolveClosed(this.#error);
  }

  #schedule(): void {
    if (this.#isFlushScheduled || this.#hasEnded) return;
    this.#isFlushScheduled = true;
    queueMicrotask(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#hasEnded) return;
    try {
      this.output.flush();
    } catch (error) {
      this.#abort(error);
    }
    if ((this.#isClosing || this.#isPeerClosing) && this.streams.size === 0) this.#stop(undefined);
    if (this.#isOver) this.#finish();
  }

  /** Says what is wrong, then ends. What is not the peer's fault is a bug of a sink, and ends the connection too. */
  #abort(error: unknown): void {
    if (this.#isOver) return;
    const isFault = error instanceof Http2Error;
    const code = isFault ? error.code : errorCode.internalError;
    const text = error instanceof Error ? error.message : String(error);
    this.output.drop();
    this.#sendGoaway(code, isFault ? text : "");
    this.#stop(new ConnectionError(code, text, { cause: error }));
  }

  #sendGoaway(code: number, text: string): void {
    const detail = Buffer.from(text);
    const payload = this.output.control(8 + detail.length, frameType.goaway, 0, 0);
    writeUint32(payload, 0, this.streams.lastRemote);
    writeUint32(payload, 4, code);
    payload.set(detail, 8);
    this.#schedule();
  }

  /** Nothing is read any more, and every stream hears of it. */
  #stop(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error ??= error;
    this.#parser.stop();
    this.output.drop();
    const reason = this.#asConnectionError(errorCode.internalError);
    this.streams.failAll(reason);
    for (const ping of this.#pings.splice(0)) ping.reject(reason);
  }

  #finish(): void {
    const time = this.#error === undefined ? lingerTime.clean : lingerTime.error;
    this.#linger ??= setTimeout(() => this.#bytes.destroy(), time);
    this.#linger.unref();
    if (this.#hasEnded || !this.output.isEmpty) return;
    this.#hasEnded = true;
    this.#bytes.end();
  }

  #asConnectionError(code: number): ConnectionError {
    const error = this.#error;
    if (error instanceof ConnectionError) return error;
    return new ConnectionError(code, error?.message ?? "the connection is closed", { cause: error });
  }
}
