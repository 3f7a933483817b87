import { frameType } from "./frame.ts";
import type { HeaderList } from "./header-list.ts";
import { errorCode, Http2Error } from "./http2-error.ts";
import type { Output } from "./output.ts";
import { largestWindow } from "./settings.ts";
import { OpenStream, type Stream, type StreamHost, type StreamSink } from "./stream.ts";

/** What a server does with a request. */
export type AcceptStream = (stream: Stream, headers: HeaderList, ended: boolean) => StreamSink;

export interface StreamTableOptions {
  readonly role: "client" | "server";
  readonly output: Output;
  /** Something is in the output. */
  readonly schedule: () => void;
  readonly onStream: AcceptStream | undefined;
  readonly streamWindow: number;
  readonly sendBuffer: number;
}

/** RFC 9113's window, until SETTINGS say otherwise. */
const initialWindow = 65_535;

/** How many closed streams are remembered. */
const memory = 1024;

/** The streams of a connection, and what is known of those that are gone (RFC 9113 section 5.1). */
export class StreamTable implements StreamHost {
  readonly sendBuffer: number;
  readonly windowStep: number;
  readonly #options: StreamTableOptions;
  readonly #output: Output;
  readonly #open = new Map<number, OpenStream>();
  /** True: we reset it, so frames may be under way that mean no harm. */
  readonly #closed = new Map<number, boolean>();
  /** A ring of the ids in it: iterating over a map for its oldest entry is slow. */
  readonly #closedIds: number[] = [];
  #nextClosed = 0;
  #nextLocal: number;
  #lastRemote = 0;
  #remoteCount = 0;
  #sendWindow = initialWindow;
  #receiveWindow: number;

  constructor(options: StreamTableOptions) {
    this.#options = options;
    this.#output = options.output;
    this.#nextLocal = options.role === "client" ? 1 : 2;
    this.sendBuffer = options.sendBuffer;
    this.windowStep = Math.max(1, Math.floor(options.streamWindow / 4));
    this.#receiveWindow = Math.max(options.streamWindow, initialWindow);
  }

  get size(): number {
    return this.#open.size;
  }

  /** The highest id that the peer has used. */
  get lastRemote(): number {
    return this.#lastRemote;
  }

  /** Open streams that the peer began. */
  get remoteCount(): number {
    return this.#remoteCount;
  }

  get(id: number): OpenStream | undefined {
    return this.#open.get(id);
  }

  isLocal(id: number): boolean {
    return id % 2 === this.#nextLocal % 2;
  }

  /** Nobody has used `id` yet. */
  isIdle(id: number): boolean {
    return this.isLocal(id) ? id >= this.#nextLocal : id > this.#lastRemote;
  }

  /** What became of a stream that is neither idle nor open. */
  fate(id: number): "ended" | "reset" | "forgotten" {
    const wasReset = this.#closed.get(id);
    if (wasReset === undefined) return "forgotten";
    return wasReset ? "reset" : "ended";
  }

  /** A stream of ours that is not in the table and will not be. */
  create(sink: StreamSink): OpenStream {
    const windows = { send: this.#sendWindow, receive: this.#receiveWindow };
    const stream = new OpenStream(this.#nextLocal, this, windows, false);
    this.#nextLocal += 2;
    stream.sink = sink;
    return stream;
  }

  /** Begins a stream of ours. */
  open(headers: HeaderList, sink: StreamSink): OpenStream {
    const stream = this.create(sink);
    this.#open.set(stream.id, stream);
    stream.sendHeaders(headers);
    return stream;
  }

  /** The peer uses `id`, whatever becomes of it. */
  useRemoteId(id: number): void {
    this.#lastRemote = id;
  }

  /** Opens a stream that the peer begins. */
  accept(id: number, headers: HeaderList, ended: boolean): void {
    const stream = new OpenStream(id, this, { send: this.#sendWindow, receive: this.#receiveWindow }, true);
    stream.openRemote(headers, ended);
    this.#open.set(id, stream);
    this.#remoteCount++;
    if (this.#options.onStream === undefined) stream.reset(errorCode.refusedStream);
    else stream.sink = this.#options.onStream(stream, headers, ended);
  }

  /** Resets a stream that is not open, or not any more. */
  refuse(id: number, code: number): void {
    this.#output.controlNumber(frameType.rstStream, id, code);
    this.#remember(id, true);
    this.#options.schedule();
  }

  /** The peer's SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 section 6.9.2). */
  moveSendWindows(value: number): void {
    const change = value - this.#sendWindow;
    this.#sendWindow = value;
    for (const stream of this.#open.values()) {
      if (stream.sendWindow + change > largestWindow) {
        throw new Http2Error(errorCode.flowControlError, "a window above 2^31-1");
      }
      stream.growWindow(change);
    }
  }

  /** The peer knows our SETTINGS; until then it may use RFC 9113's window. */
  settingsAcknowledged(): void {
    this.#receiveWindow = this.#options.streamWindow;
  }

  /** Fails our streams above `lastId`, which the peer has not looked at. */
  failAbove(lastId: number, error: Http2Error): void {
    for (const stream of [...this.#open.values()]) {
      if (this.isLocal(stream.id) && stream.id > lastId) stream.fail(error);
    }
  }

  failAll(error: Http2Error): void {
    for (const stream of [...this.#open.values()]) stream.fail(error);
  }

  ready(stream: OpenStream): void {
    this.#output.add(stream);
    this.#options.schedule();
  }

  sendReset(stream: OpenStream, code: number): void {
    if (stream.isKnown) this.refuse(stream.id, code);
  }

  giveWindow(id: number, bytes: number): void {
    this.#output.controlNumber(frameType.windowUpdate, id, bytes);
    this.#options.schedule();
  }

  forget(stream: OpenStream): void {
    if (!this.#open.delete(stream.id)) return;
    if (!this.isLocal(stream.id)) this.#remoteCount--;
    else if (stream.isKnown) this.#output.openStreams--;
    if (!this.#closed.has(stream.id)) this.#remember(stream.id, false);
    this.#options.schedule();
  }

  #remember(id: number, wasReset: boolean): void {
    if (!this.#closed.has(id)) {
      const oldest = this.#closedIds[this.#nextClosed];
      if (oldest !== undefined) this.#closed.delete(oldest);
      this.#closedIds[this.#nextClosed] = id;
      this.#nextClosed = (this.#nextClosed + 1) % memory;
    }
    this.#closed.set(id, wasReset);
  }
}
