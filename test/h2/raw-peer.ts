import { clientPreface, frameType } from "../../src/h2/frame.ts";
import { HeaderDecoder } from "../../src/h2/header-decoder.ts";
import { HeaderEncoder } from "../../src/h2/header-encoder.ts";
import type { HeaderList } from "../../src/h2/header-list.ts";
import { encodeFrame, type Frame, FrameCollector, uint32 } from "./frames.ts";
import type { PairEnd } from "./pair.ts";

/** The other end of a connection, which sends what it is told to, right or wrong. It answers nothing by itself. */
export class RawPeer {
  readonly frames: Frame[];
  readonly decoder = new HeaderDecoder(4096, 1 << 24);
  readonly #end: PairEnd;
  readonly #encoder = new HeaderEncoder();
  hasEnded = false;
  isClosed = false;

  /** `role` is this end's; "mute" is a client that does not begin. */
  constructor(end: PairEnd, role: "client" | "server" | "mute") {
    this.#end = end;
    const collector = new FrameCollector(role === "server" ? Buffer.from(clientPreface) : new Uint8Array(0));
    this.frames = collector.frames;
    end.start({
      data: (bytes) => collector.push(bytes),
      drain: () => {},
      end: () => {
        this.hasEnded = true;
        end.end();
      },
      close: () => {
        this.isClosed = true;
      },
    });
    if (role === "client") this.sendBytes(Buffer.from(clientPreface));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#end.write(bytes);
  }

  send(type: number, flags: number, id: number, payload?: Uint8Array): void {
    this.sendBytes(encodeFrame(type, flags, id, payload));
  }

  sendSettings(...entries: readonly (readonly [id: number, value: number])[]): void {
    const payload = Buffer.alloc(entries.length * 6);
    for (const [index, [id, value]] of entries.entries()) {
      payload.writeUInt16BE(id, index * 6);
      payload.writeUInt32BE(value, index * 6 + 2);
    }
    this.send(frameType.settings, 0, 0, payload);
  }

  /** The block of a header list; every block that is made must be sent. */
  encode(headers: HeaderList): Buffer {
    return Buffer.from(this.#encoder.encode(headers));
  }

  /** HEADERS with END_HEADERS; `flags` are added. */
  sendHeaders(id: number, headers: HeaderList, flags = 0): void {
    this.send(frameType.headers, 4 | flags, id, this.encode(headers));
  }

  sendRequest(id: number, flags = 0, ...more: HeaderList): void {
    this.sendHeaders(id, [[":method", "POST"], [":scheme", "http"], [":path", "/"], ...more], flags);
  }

  sendData(id: number, data: string | Uint8Array, flags = 0): void {
    this.send(frameType.data, flags, id, Buffer.from(data));
  }

  sendReset(id: number, code: number): void {
    this.send(frameType.rstStream, 0, id, uint32(code));
  }

  sendWindow(id: number, bytes: number): void {
    this.send(frameType.windowUpdate, 0, id, uint32(bytes));
  }

  /** Frames of one type, perhaps of one stream. */
  of(type: number, id?: number): Frame[] {
    return this.frames.filter((frame) => frame.type === type && (id === undefined || frame.id === id));
  }

  /** What was sent on a stream as DATA. */
  received(id: number): Buffer {
    return Buffer.concat(this.of(frameType.data, id).map(({ payload }) => payload));
  }

  /** Codes of the RST_STREAM frames of a stream. */
  resets(id: number): number[] {
    return this.of(frameType.rstStream, id).map(({ payload }) => payload.readUInt32BE(0));
  }

  /** What GOAWAY said, once it has come. */
  get goaway(): { readonly lastId: number; readonly code: number; readonly text: string } | undefined {
    const payload = this.of(frameType.goaway)[0]?.payload;
    if (payload === undefined) return undefined;
    return { lastId: payload.readUInt32BE(0), code: payload.readUInt32BE(4), text: payload.toString("utf8", 8) };
  }
}

/** Lets everything happen that is under way in memory. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
