import { Allowance } from "./allowance.ts";
import { frameFlag, frameType, readUint32 } from "./frame.ts";
import type { FrameHandler } from "./frame-parser.ts";
import { checkDependency, HeaderBlock } from "./header-block.ts";
import type { HeaderDecoder } from "./header-decoder.ts";
import { type HeaderList, headerValue } from "./header-list.ts";
import { errorCode, formatErrorCode, Http2Error } from "./http2-error.ts";
import { checkRequest, checkResponse, checkTrailers } from "./message-rules.ts";
import type { Output } from "./output.ts";
import { largestWindow, readSettings } from "./settings.ts";
import type { OpenStream } from "./stream.ts";
import type { StreamTable } from "./stream-table.ts";

/** What a receiver needs of its connection. */
export interface ReceiverHost {
  readonly role: "client" | "server";
  readonly streams: StreamTable;
  readonly decoder: HeaderDecoder;
  readonly output: Output;
  readonly maxStreams: number;
  readonly maxHeaderList: number;
  readonly connectionWindow: number;
  /** False: streams that the peer begins are ignored. */
  readonly isAccepting: boolean;
  setting(id: number, value: number): void;
  pong(): void;
  goaway(lastId: number, code: number, text: string): void;
}

/** Frames of the peer, checked against the states of connection and streams. What it throws ends the connection. */
export class Receiver implements FrameHandler {
  readonly #host: ReceiverHost;
  readonly #streams: StreamTable;
  readonly #output: Output;
  readonly #block: HeaderBlock;
  readonly #answers = new Allowance("frames that want an answer", 10_000, 10_000);
  readonly #idleFrames = new Allowance("frames without use", 10_000, 10_000);
  readonly #resets = new Allowance("streams that end with an error", 2000, 2000);
  #unreturned = 0;
  #hasSettings = false;
  /** The stream of the DATA frame that is coming in. */
  #target: OpenStream | undefined;

  constructor(host: ReceiverHost) {
    this.#host = host;
    this.#streams = host.streams;
    this.#output = host.output;
    this.#block = new HeaderBlock(host.maxHeaderList);
  }

  frame(type: number, flags: number, id: number, payload: Uint8Array): void {
    this.#checkOrder(type, flags);
    if (this.#output.isFlooded) throw new Http2Error(errorCode.enhanceYourCalm, "answers that nobody reads");
    if (type === frameType.headers) this.#headers(id, flags, payload);
    else if (type === frameType.continuation) this.#continuation(id, flags, payload);
    else if (type === frameType.rstStream) this.#rstStream(id, payload);
    else if (type === frameType.settings) this.#settings(id, flags, payload);
    else if (type === frameType.pushPromise) throw protocolError("PUSH_PROMISE");
    else if (type === frameType.ping) this.#ping(id, flags, payload);
    else if (type === frameType.goaway) this.#goaway(id, payload);
    else if (type === frameType.windowUpdate) this.#windowUpdate(id, payload);
    else this.#unused(type, id, payload);
  }

  dataStart(id: number, flags: number, length: number): void {
    this.#checkOrder(frameType.data, flags);
    if (id === 0) throw protocolError("DATA on the connection");
    if (length === 0 && (flags & frameFlag.endStream) === 0) this.#idleFrames.take();
    this.#countReceived(length);
    const stream = this.#streams.get(id);
    this.#target = stream;
    if (stream === undefined) {
      this.#onGoneData(id);
      return;
    }
    try {
      stream.receiveLength(length);
    } catch (error) {
      this.#failStream(stream, error);
    }
  }

  dataPiece(bytes: Uint8Array): void {
    if (this.#target?.isClosed === false) this.#target.receiveData(bytes);
  }

  dataEnd(flags: number, padding: number): void {
    const stream = this.#target;
    this.#target = undefined;
    if (stream === undefined || stream.isClosed) return;
    if (padding > 0) stream.consumed(padding);
    if ((flags & frameFlag.endStream) === 0) return;
    try {
      stream.receiveEnd();
    } catch (error) {
      this.#failStream(stream, error);
    }
  }

  #checkOrder(type: number, flags: number): void {
    if (this.#block.id !== 0 && type !== frameType.continuation) throw protocolError("a frame inside headers");
    if (this.#hasSettings) return;
    if (type !== frameType.settings || (flags & frameFlag.ack) !== 0) throw protocolError("no SETTINGS first");
    this.#hasSettings = true;
  }

  /** The connection's window is given back at once: a slow stream must not stop the others. So nobody can exceed it. */
  #countReceived(length: number): void {
    this.#unreturned += length;
    if (this.#unreturned < this.#host.connectionWindow / 4) return;
    this.#output.controlNumber(frameType.windowUpdate, 0, this.#unreturned);
    this.#unreturned = 0;
  }

  /** Errors of a stream reset it and leave the connection alone. */
  #failStream(stream: OpenStream, error: unknown): void {
    if (!(error instanceof Http2Error)) throw error;
    this.#refuse(stream.id, error.code);
    stream.fail(error);
  }

  #refuse(id: number, code: number): void {
    this.#resets.take();
    this.#streams.refuse(id, code);
  }

  #onGoneData(id: number): void {
    if (this.#isUnheardOf(id)) throw protocolError("DATA on an idle stream");
    if (!this.#streams.isIdle(id) && this.#streams.fate(id) !== "reset") this.#refuse(id, errorCode.streamClosed);
  }

  /** Idle, unless the peer may have begun it after we stopped to look. */
  #isUnheardOf(id: number): boolean {
    return this.#streams.isIdle(id) && (this.#host.isAccepting || this.#streams.isLocal(id));
  }

  #headers(id: number, flags: number, payload: Uint8Array): void {
    if (id === 0) throw protocolError("HEADERS on the connection");
    const block = this.#block.start(id, flags, payload);
    if (block !== undefined) this.#headerList(id, block);
  }

  #continuation(id: number, flags: number, payload: Uint8Array): void {
    const block = this.#block.continue(id, flags, payload);
    if (block !== undefined) this.#headerList(id, block);
  }

  #headerList(id: number, block: Uint8Array): void {
    const headers = this.#host.decoder.decode(block);
    const ended = this.#block.endsStream;
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      this.#onNewHeaders(id, headers, ended);
      return;
    }
    try {
      this.#onHeaders(stream, headers, ended);
    } catch (error) {
      this.#failStream(stream, error);
    }
  }

  #onHeaders(stream: OpenStream, headers: HeaderList | undefined, ended: boolean): void {
    if (stream.remoteEnded) throw new Http2Error(errorCode.streamClosed, "headers behind the end");
    if (headers === undefined) throw new Http2Error(errorCode.enhanceYourCalm, "headers larger than the limit");
    const isTrailers = stream.hasHeaders;
    const wrong = isTrailers ? checkTrailers(headers) : checkResponse(headers);
    if (wrong !== undefined) throw protocolError(`malformed headers: ${wrong}`);
    if (isTrailers && !ended) throw protocolError("trailers that do not end the stream");
    if (!isTrailers && headerValue(headers, ":status")?.startsWith("1") === true) {
      if (ended) throw protocolError("an interim response that ends the stream");
      this.#idleFrames.take();
      return;
    }
    stream.receiveHeaders(headers, ended);
  }

  #onNewHeaders(id: number, headers: HeaderList | undefined, ended: boolean): void {
    const streams = this.#streams;
    if (streams.isLocal(id) || !streams.isIdle(id)) {
      if (streams.isIdle(id) || streams.fate(id) === "forgotten") throw protocolError("HEADERS on a wrong stream");
      if (streams.fate(id) === "ended") throw new Http2Error(errorCode.streamClosed, "HEADERS behind the end");
      return;
    }
    if (this.#host.role === "client") throw protocolError("a stream begun by the server");
    if (!this.#host.isAccepting) return;
    streams.useRemoteId(id);
    if (streams.remoteCount >= this.#host.maxStreams) this.#refuse(id, errorCode.refusedStream);
    else if (headers === undefined) this.#refuse(id, errorCode.enhanceYourCalm);
    else if (checkRequest(headers, ended) !== undefined) this.#refuse(id, errorCode.protocolError);
    else streams.accept(id, headers, ended);
  }

  /** PRIORITY, which has no meaning any more, and types that RFC 9113 does not know. */
  #unused(type: number, id: number, payload: Uint8Array): void {
    this.#idleFrames.take();
    if (type !== frameType.priority) return;
    if (id === 0) throw protocolError("PRIORITY on the connection");
    if (payload.length !== 5) throw new Http2Error(errorCode.frameSizeError, "PRIORITY that is not 5 bytes long");
    checkDependency(id, payload, 0);
  }

  #rstStream(id: number, payload: Uint8Array): void {
    if (payload.length !== 4) throw new Http2Error(errorCode.frameSizeError, "RST_STREAM that is not 4 bytes long");
    if (id === 0 || this.#isUnheardOf(id)) throw protocolError("RST_STREAM on an idle stream");
    const code = readUint32(payload, 0);
    if (this.#host.role === "server") this.#resets.take();
    this.#streams.get(id)?.fail(new Http2Error(code, `the peer reset the stream: ${formatErrorCode(code)}`));
  }

  #settings(id: number, flags: number, payload: Uint8Array): void {
    if (id !== 0) throw protocolError("SETTINGS on a stream");
    if ((flags & frameFlag.ack) !== 0) {
      if (payload.length > 0) throw new Http2Error(errorCode.frameSizeError, "SETTINGS with ACK and content");
      this.#streams.settingsAcknowledged();
      return;
    }
    this.#answers.take();
    readSettings(payload, (key, value) => this.#host.setting(key, value));
    this.#output.control(0, frameType.settings, frameFlag.ack, 0);
  }

  #ping(id: number, flags: number, payload: Uint8Array): void {
    if (id !== 0) throw protocolError("PING on a stream");
    if (payload.length !== 8) throw new Http2Error(errorCode.frameSizeError, "PING that is not 8 bytes long");
    if ((flags & frameFlag.ack) !== 0) {
      this.#host.pong();
      return;
    }
    this.#answers.take();
    this.#output.control(8, frameType.ping, frameFlag.ack, 0).set(payload);
  }

  #goaway(id: number, payload: Uint8Array): void {
    if (id !== 0) throw protocolError("GOAWAY on a stream");
    if (payload.length < 8) throw new Http2Error(errorCode.frameSizeError, "GOAWAY of less than 8 bytes");
    const text = Buffer.from(payload.subarray(8)).toString();
    this.#host.goaway(readUint32(payload, 0) & 0x7fffffff, readUint32(payload, 4), text);
  }

  #windowUpdate(id: number, payload: Uint8Array): void {
    if (payload.length !== 4) throw new Http2Error(errorCode.frameSizeError, "WINDOW_UPDATE that is not 4 bytes long");
    const bytes = readUint32(payload, 0) & 0x7fffffff;
    const stream = this.#streams.get(id);
    if (id === 0) {
      checkIncrement(bytes, this.#output.window);
      this.#output.grow(bytes);
    } else if (stream !== undefined) {
      this.#growStream(stream, bytes);
    } else if (this.#isUnheardOf(id)) {
      throw protocolError("WINDOW_UPDATE on an idle stream");
    }
  }

  #growStream(stream: OpenStream, bytes: number): void {
    try {
      checkIncrement(bytes, stream.sendWindow);
      stream.growWindow(bytes);
    } catch (error) {
      this.#failStream(stream, error);
    }
  }
}

function checkIncrement(bytes: number, window: number): void {
  if (bytes === 0) throw protocolError("WINDOW_UPDATE of 0 bytes");
  if (window + bytes > largestWindow) throw new Http2Error(errorCode.flowControlError, "a window above 2^31-1");
}

function protocolError(what: string): Http2Error {
  return new Http2Error(errorCode.protocolError, what);
}
