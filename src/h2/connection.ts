import type { ByteSink, ByteStream } from "./byte-stream.ts";
import { clientPreface, frameType, writeUint32 } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";
import { HeaderDecoder } from "./header-decoder.ts";
import { HeaderEncoder } from "./header-encoder.ts";
import type { HeaderList } from "./header-list.ts";
import { ConnectionError, errorCode, formatErrorCode, Http2Error } from "./http2-error.ts";
import { Output } from "./output.ts";
import { Receiver, type ReceiverHost, writeWindowUpdate } from "./receiver.ts";
import { largestWindow, setting, settingsSize, writeSettings } from "./settings.ts";
import { OpenStream, type Stream, type StreamHost, type StreamSink } from "./stream.ts";
import { StreamTable } from "./stream-table.ts";

export type { HeaderList } from "./header-list.ts";
export type { Stream, StreamSink } from "./stream.ts";

export interface ConnectionOptions {
  readonly role: "client" | "server";
  /** Server: a request has come. `ended`: it has no body, and the sink's `end()` is not called. */
  readonly onStream?: (stream: Stream, headers: HeaderList, ended: boolean) => StreamSink;
  /** Bytes that a peer may send on one stream before `consumed()`; 16 MiB. */
  readonly streamWindow?: number;
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

const tableSize = 4096;

/** How long a peer may take to close after we have ended, in milliseconds. */
const lingerTime = 1000;

class OpenConnection implements Connection, StreamHost, ReceiverHost {
  readonly role: "client" | "server";
  readonly streams: StreamTable;
  readonly output: Output;
  readonly decoder: HeaderDecoder;
  readonly maxStreams: number;
  readonly maxHeaderList: number;
  readonly connectionWindow: number;
  readonly sendBuffer: number;
  readonly windowStep: number;
  readonly closed: Promise<Error | undefined>;
  readonly #bytes: ByteStream;
  readonly #onStream: ConnectionOptions["onStream"];
  readonly #streamWindow: number;
  readonly #encoder = new HeaderEncoder();
  readonly #parser: FrameParser;
  readonly #resolveClosed: (error: Error | undefined) => void;
  readonly #pings: { resolve(): void; reject(error: Error): void }[] = [];
  #peerWindow = 65_535;
  #isFlushScheduled = false;
  #isAcknowledged = false;
  /** `close()` was called, or the peer sent GOAWAY. */
  #isLeaving = false;
  #isClosing = false;
  /** Set once: no frame is read any more. */
  #isOver = false;
  #hasEnded = false;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #error: Error | undefined;

  constructor(bytes: ByteStream, options: ConnectionOptions) {
    this.role = options.role;
    this.maxStreams = options.maxStreams ?? 1000;
    this.maxHeaderList = options.maxHeaderList ?? 8 * 1024 * 1024;
    this.#streamWindow = options.streamWindow ?? 16 * 1024 * 1024;
    this.windowStep = Math.max(1, Math.floor(this.#streamWindow / 4));
    this.connectionWindow = Math.max(65_535, options.connectionWindow ?? 64 * 1024 * 1024);
    this.sendBuffer = options.sendBuffer ?? 1024 * 1024;
    this.#onStream = options.onStream;
    this.#bytes = bytes;
    this.streams = new StreamTable(options.role);
    this.output = new Output(bytes, this.#encoder);
    this.decoder = new HeaderDecoder(tableSize, this.maxHeaderList);
    const preface = Buffer.from(clientPreface);
    this.#parser = new FrameParser(new Receiver(this), options.role === "server" ? preface : Buffer.alloc(0));
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    if (options.role === "client") this.output.preface(preface);
    this.#sendSettings();
  }

  request(headers: HeaderList, sink: StreamSink): Stream {
    const windows = { send: this.#peerWindow, receive: this.#firstWindow() };
    const stream = new OpenStream(this.streams.takeLocalId(), this, windows, false);
    stream.sink = sink;
    if (this.#isOver || this.#isLeaving) {
      queueMicrotask(() => stream.fail(this.#asConnectionError(errorCode.refusedStream)));
      return stream;
    }
    this.streams.add(stream);
    stream.sendHeaders(headers);
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
    this.#isLeaving = true;
    this.#isClosing = true;
    this.#sendGoaway(errorCode.noError, "");
    this.#schedule();
  }

  destroy(error?: Error): void {
    this.#stop(error);
    this.#hasEnded = true;
    this.#bytes.destroy();
    this.#resolveClosed(this.#error);
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

  ready(stream: OpenStream): void {
    this.output.add(stream);
    this.#schedule();
  }

  sendReset(stream: OpenStream, code: number): void {
    if (stream.isKnown) this.refuse(stream.id, code);
  }

  sendWindow(id: number, bytes: number): void {
    writeWindowUpdate(this.output, id, bytes);
    this.#schedule();
  }

  forget(stream: OpenStream): void {
    if (stream.isKnown && this.streams.isLocal(stream.id)) this.output.openStreams--;
    this.streams.remove(stream);
    this.#schedule();
  }

  get isAccepting(): boolean {
    return !this.#isClosing;
  }

  accept(id: number, headers: HeaderList, ended: boolean): void {
    const windows = { send: this.#peerWindow, receive: this.#firstWindow() };
    const stream = new OpenStream(id, this, windows, true);
    stream.hasHeaders = true;
    stream.remoteEnded = ended;
    this.streams.add(stream);
    if (this.#onStream === undefined) stream.reset(errorCode.refusedStream);
    else stream.sink = this.#onStream(stream, headers, ended);
  }

  refuse(id: number, code: number): void {
    writeUint32(this.output.control(4, frameType.rstStream, 0, id), 0, code);
    this.streams.remember(id, true);
    this.#schedule();
  }

  setting(id: number, value: number): void {
    if (id === setting.headerTableSize) this.#encoder.limitTable(value);
    else if (id === setting.maxConcurrentStreams) this.output.maxStreams = value;
    else if (id === setting.initialWindowSize) this.#moveWindows(value);
    else if (id === setting.enablePush && value === 1 && this.role === "client") {
      throw new Http2Error(errorCode.protocolError, "ENABLE_PUSH from a server");
    }
  }

  settingsAcknowledged(): void {
    this.#isAcknowledged = true;
  }

  pong(): void {
    this.#pings.shift()?.resolve();
  }

  goaway(lastId: number, code: number, text: string): void {
    const reason = `the peer ends the connection: ${formatErrorCode(code)}${text === "" ? "" : ` (${text})`}`;
    this.#isLeaving = true;
    if (code !== errorCode.noError) this.#error ??= new ConnectionError(code, reason);
    for (const stream of this.streams.values()) {
      if (this.streams.isLocal(stream.id) && stream.id > lastId) {
        stream.fail(new ConnectionError(errorCode.refusedStream, reason));
      }
    }
  }

  #sendSettings(): void {
    const settings: [id: number, value: number][] = [
      this.role === "client" ? [setting.enablePush, 0] : [setting.maxConcurrentStreams, this.maxStreams],
      [setting.initialWindowSize, this.#streamWindow],
      [setting.maxHeaderListSize, this.maxHeaderList],
    ];
    writeSettings(this.output.control(settingsSize(settings), frameType.settings, 0, 0), settings);
    const more = this.connectionWindow - 65_535;
    if (more > 0) writeWindowUpdate(this.output, 0, more);
    this.#schedule();
  }

  /** Until our SETTINGS have arrived, the peer may use RFC 9113's window. */
  #firstWindow(): number {
    return this.#isAcknowledged ? this.#streamWindow : Math.max(this.#streamWindow, 65_535);
  }

  /** RFC 9113 section 6.9.2. */
  #moveWindows(value: number): void {
    const change = value - this.#peerWindow;
    this.#peerWindow = value;
    for (const stream of this.streams.values()) {
      if (stream.sendWindow + change > largestWindow) {
        throw new Http2Error(errorCode.flowControlError, "a window above 2^31-1");
      }
      stream.growWindow(change);
    }
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
    if (this.#isLeaving && this.streams.size === 0) this.#stop(undefined);
    if (this.#isOver) this.#finish();
  }

  /** Says what is wrong, then ends. */
  #abort(error: unknown): void {
    const isFault = error instanceof Http2Error;
    const code = isFault ? error.code : errorCode.internalError;
    const text = error instanceof Error ? error.message : String(error);
    if (this.#isOver) return;
    this.output.drop();
    this.#sendGoaway(code, isFault ? text : "");
    this.#stop(new ConnectionError(code, text, { cause: error }));
    this.#schedule();
  }

  #sendGoaway(code: number, text: string): void {
    const detail = Buffer.from(text);
    const payload = this.output.control(8 + detail.length, frameType.goaway, 0, 0);
    writeUint32(payload, 0, this.streams.lastRemote);
    writeUint32(payload, 4, code);
    payload.set(detail, 8);
  }

  /** Nothing is read any more, and every stream hears of it. */
  #stop(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error ??= error;
    this.#parser.stop();
    this.output.drop();
    const reason = this.#asConnectionError(errorCode.internalError);
    for (const stream of this.streams.values()) stream.fail(reason);
    for (const ping of this.#pings.splice(0)) ping.reject(reason);
  }

  #finish(): void {
    this.#linger ??= setTimeout(() => this.#bytes.destroy(), lingerTime);
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
