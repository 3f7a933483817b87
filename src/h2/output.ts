import type { ByteStream } from "./byte-stream.ts";
import { frameFlag, frameHeaderSize, frameSize, frameType, writeFrameHeader, writeUint32 } from "./frame.ts";
import type { HeaderEncoder } from "./header-encoder.ts";
import type { QueuedHeaders } from "./send-queue.ts";
import type { OpenStream } from "./stream.ts";

/** One write at most: 16 full frames. */
const writeSize = 16 * (frameHeaderSize + frameSize);

/** Fuller buffers are handed over, emptier ones copied to a smaller one and used again. */
const handOverSize = writeSize / 4;

/** Bytes of answers that a peer does not fetch; more are a flood. */
const controlLimit = 128 * 1024;

/** All that leaves a connection: frames of control first, then the streams in turn, in few large writes. */
export class Output {
  readonly #bytes: ByteStream;
  readonly #encoder: HeaderEncoder;
  /** Bytes that the peer lets the connection send. */
  window = 65_535;
  /** Streams of ours that the peer lets be open, and those that are. */
  maxStreams = Number.POSITIVE_INFINITY;
  openStreams = 0;
  #control = Buffer.allocUnsafe(256);
  #controlSize = 0;
  /** Frames that come before anything else, too large for what was left of a buffer. */
  #carried: Uint8Array | undefined;
  /** Streams that the peer does not know yet, in the order of their ids. */
  readonly #opening: OpenStream[] = [];
  #ready: OpenStream[] = [];
  #next = 0;
  /** Streams that wait for the connection's window. */
  #waiting: OpenStream[] = [];
  #drained: OpenStream[] = [];
  #buffer: Buffer | undefined;
  /** Buffers that the byte stream has given back: memory that is new costs more than what is done with it. */
  readonly #spare: Buffer[] = [];
  /** The buffer of the chunk that is about to be written. */
  #lent: Buffer | undefined;
  #at = 0;
  #isBlocked = false;
  #isFlushing = false;
  #isDropped = false;

  constructor(bytes: ByteStream, encoder: HeaderEncoder) {
    this.#bytes = bytes;
    this.#encoder = encoder;
  }

  /** True when all that was queued is with the byte stream. */
  get isEmpty(): boolean {
    return this.#controlSize === 0 && this.#carried === undefined && this.#next === this.#ready.length;
  }

  /** The peer makes us answer and does not read. */
  get isFlooded(): boolean {
    return this.#controlSize > controlLimit;
  }

  /** Room for a frame of control with `length` bytes of payload; where they go. */
  control(length: number, type: number, flags: number, id: number): Uint8Array {
    const frame = this.#reserve(frameHeaderSize + length);
    writeFrameHeader(frame, 0, length, type, flags, id);
    return frame.subarray(frameHeaderSize);
  }

  /** A frame of control whose payload is one number: RST_STREAM, WINDOW_UPDATE. */
  controlNumber(type: number, id: number, value: number): void {
    writeUint32(this.control(4, type, 0, id), 0, value);
  }

  /** Bytes that go out before any frame. */
  preface(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes);
  }

  add(stream: OpenStream): void {
    if (stream.isListed || this.#isDropped) return;
    stream.isListed = true;
    if (stream.isKnown) this.#ready.push(stream);
    else this.#opening.push(stream);
  }

  /** The peer has made the connection's window larger. */
  grow(bytes: number): void {
    this.window += bytes;
    if (this.window <= 0) return;
    for (const stream of this.#waiting) this.#ready.push(stream);
    this.#waiting = [];
  }

  /** The byte stream takes more. */
  unblock(): void {
    this.#isBlocked = false;
  }

  /** Nothing of the streams goes out any more, control frames do. */
  drop(): void {
    this.#isDropped = true;
    this.#ready = [];
    this.#next = 0;
    this.#opening.length = 0;
    this.#waiting = [];
  }

  /** Writes until nothing is left, the windows are used up or the byte stream is full. */
  flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      while (!this.#isBlocked) {
        const chunk = this.#fill();
        if (chunk === undefined) break;
        this.#isBlocked = !this.#write(chunk);
        this.#callDrained();
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  #reserve(length: number): Uint8Array {
    const start = this.#controlSize;
    const end = start + length;
    if (end > this.#control.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#control.length * 2));
      larger.set(this.#control.subarray(0, start));
      this.#control = larger;
    }
    this.#controlSize = end;
    return this.#control.subarray(start, end);
  }

  #fill(): Uint8Array | undefined {
    const carried = this.#carried;
    if (carried !== undefined) {
      this.#carried = undefined;
      return carried;
    }
    this.#buffer ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(writeSize);
    this.#at = 0;
    if (this.#controlSize > writeSize) return this.#takeControl(Buffer.allocUnsafeSlow(this.#controlSize));
    this.#takeControl(this.#buffer);
    if (!this.#isDropped) {
      this.#openStreams(this.#buffer);
      this.#takeTurns(this.#buffer);
    }
    return this.#at === 0 ? undefined : this.#handOver(this.#buffer);
  }

  #write(chunk: Uint8Array): boolean {
    const lent = this.#lent;
    this.#lent = undefined;
    return lent === undefined ? this.#bytes.write(chunk) : this.#bytes.write(chunk, () => this.#spare.push(lent));
  }

  #handOver(buffer: Buffer): Uint8Array {
    const filled = buffer.subarray(0, this.#at);
    if (this.#at < handOverSize) return Buffer.from(filled);
    this.#buffer = undefined;
    this.#lent = buffer;
    return filled;
  }

  #takeControl(buffer: Buffer): Buffer {
    if (this.#controlSize > 0) this.#at = this.#control.copy(buffer, 0, 0, this.#controlSize);
    this.#controlSize = 0;
    return buffer;
  }

  /** Ids must appear in order, so streams open one after the other and before those that are open have a turn. */
  #openStreams(buffer: Buffer): void {
    while (this.#carried === undefined) {
      const stream = this.#opening[0];
      if (stream === undefined || (!stream.isClosed && this.openStreams >= this.maxStreams)) return;
      this.#opening.shift();
      if (stream.isClosed) continue;
      this.openStreams++;
      stream.isKnown = true;
      this.#ready.push(stream);
      const headers = stream.queue.takeHeaders();
      if (headers !== undefined) this.#putHeaders(buffer, stream, headers);
    }
  }

  #takeTurns(buffer: Buffer): void {
    while (this.#carried === undefined && this.#next < this.#ready.length) {
      const stream = this.#ready[this.#next];
      if (stream === undefined) return;
      const turn = this.#takeTurn(buffer, stream);
      if (turn === "full") return;
      this.#next++;
      if (turn === "again") this.#ready.push(stream);
      if (this.#next > 1024) {
        this.#ready.splice(0, this.#next);
        this.#next = 0;
      }
    }
    if (this.#next === this.#ready.length) {
      this.#ready.length = 0;
      this.#next = 0;
    }
  }

  /** One frame of a stream; "full": the buffer has no room for it, "leave": there is nothing to send, or no window. */
  #takeTurn(buffer: Buffer, stream: OpenStream): "again" | "full" | "leave" {
    const { queue } = stream;
    const headers = queue.takeHeaders();
    if (headers !== undefined) {
      this.#putHeaders(buffer, stream, headers);
      return "again";
    }
    const length = Math.min(queue.size, this.window, stream.sendWindow, frameSize);
    const endsEmpty = queue.size === 0 && queue.isEnded && !stream.localEnded && !stream.isClosed;
    if (length <= 0 && !endsEmpty) return this.#leave(stream);
    if (this.#at + frameHeaderSize + frameSize > buffer.length && this.#at > 0) return "full";
    this.#putData(buffer, stream, Math.max(length, 0));
    return "again";
  }

  #leave(stream: OpenStream): "leave" {
    if (stream.queue.size > 0 && stream.sendWindow > 0) this.#waiting.push(stream);
    else stream.isListed = false;
    return "leave";
  }

  #putData(buffer: Buffer, stream: OpenStream, length: number): void {
    const { queue } = stream;
    const ends = queue.isEnded && queue.size === length && queue.trailers === undefined;
    writeFrameHeader(buffer, this.#at, length, frameType.data, ends ? frameFlag.endStream : 0, stream.id);
    queue.copyTo(buffer, this.#at + frameHeaderSize, length);
    this.#at += frameHeaderSize + length;
    this.window -= length;
    stream.sendWindow -= length;
    if (ends) stream.endLocal();
    else if (stream.takeDrain()) this.#drained.push(stream);
  }

  #putHeaders(buffer: Buffer, stream: OpenStream, { list, ends }: QueuedHeaders): void {
    const block = this.#encoder.encode(list);
    const frames = Math.max(1, Math.ceil(block.length / frameSize));
    const size = block.length + frames * frameHeaderSize;
    const fits = this.#at + size <= buffer.length;
    const out = fits ? buffer : Buffer.allocUnsafeSlow(size);
    writeHeaderFrames(out, fits ? this.#at : 0, block, stream.id, ends ? frameFlag.endStream : 0);
    if (fits) this.#at += size;
    else this.#carried = out;
    if (ends) stream.endLocal();
  }

  #callDrained(): void {
    if (this.#drained.length === 0) return;
    const drained = this.#drained;
    this.#drained = [];
    for (const stream of drained) if (!stream.isClosed) stream.sink?.drain();
  }
}

/** HEADERS and as many CONTINUATION frames as it takes. */
function writeHeaderFrames(out: Uint8Array, start: number, block: Uint8Array, id: number, flags: number): void {
  let at = start;
  let from = 0;
  do {
    const length = Math.min(frameSize, block.length - from);
    const first = from === 0;
    const last = from + length === block.length;
    const type = first ? frameType.headers : frameType.continuation;
    writeFrameHeader(out, at, length, type, (first ? flags : 0) | (last ? frameFlag.endHeaders : 0), id);
    out.set(block.subarray(from, from + length), at + frameHeaderSize);
    at += frameHeaderSize + length;
    from += length;
  } while (from < block.length);
}
