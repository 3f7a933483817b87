import { type Connection, openConnection, type StreamSink } from "../../../../src/h2/connection.ts";
import { clientPreface, frameType } from "../../../../src/h2/frame.ts";
import { HeaderEncoder } from "../../../../src/h2/header-encoder.ts";
import { encodeFrame, FrameCollector, uint32 } from "../../../h2/frames.ts";
import { edges, many, number, oneIn, pick, type Random } from "../driver/choose.ts";
import type { Target } from "../driver/fuzz.ts";
import { HostileStream, settle } from "../driver/hostile-stream.ts";

type Role = "client" | "server";

/** Answers may be this many times as long as what they answer. */
const mostAnswer = 40;

/** What a sink is told, and that it is told nothing behind the end. */
class StrictSink implements StreamSink {
  readonly events: string[] = [];
  #isOver = false;
  #data = 0;
  readonly #onData: (length: number) => void;

  constructor(onData: (length: number) => void) {
    this.#onData = onData;
  }

  headers(list: readonly (readonly [string, string])[], ended: boolean): void {
    this.#note(`headers ${list.length} ${ended}`);
  }

  data(bytes: Uint8Array): void {
    this.#data += bytes.length;
    if (this.#isOver) throw new TypeError("data behind the end");
    this.#onData(bytes.length);
  }

  end(): void {
    this.#note(`end ${this.#data}`);
  }

  reset(_error: Error, code: number): void {
    this.#note(`reset ${code} ${this.#data}`);
    this.#isOver = true;
  }

  drain(): void {}

  #note(event: string): void {
    if (this.#isOver) throw new TypeError(`${event} behind the end`);
    this.events.push(event);
  }
}

interface Talk {
  readonly answers: string;
  readonly events: readonly string[];
}

/** A whole connection with a peer that sends `input` in pieces of `size` bytes, perhaps slowly, and leaves. */
async function talk(role: Role, input: Uint8Array, size: number, isSlow = false): Promise<Talk> {
  const stream = new HostileStream();
  const sinks: StrictSink[] = [];
  const connection: Connection = openConnection(stream, {
    role,
    maxStreams: 20,
    maxHeaderList: 16_384,
    onStream: (request, _headers, ended) => {
      const sink = new StrictSink((length) => request.consumed(length));
      sinks.push(sink);
      request.sendHeaders([[":status", "200"]]);
      request.write(new Uint8Array(10));
      if (ended) request.end();
      else if (request.id % 3 === 0) request.reset(8);
      return sink;
    },
  });
  if (role === "client") for (let count = 0; count < 4; count++) sinks.push(startRequest(connection, count));
  await settle();
  for (let at = 0; at < input.length; at += size) {
    stream.deliver(input.subarray(at, at + size));
    if (isSlow) await settle(2);
  }
  await settle();
  const pinged = connection.ping().catch(() => {});
  stream.deliverEnd();
  await settle();
  connection.destroy();
  await connection.closed;
  await pinged;
  return { answers: checkAnswers(role, input, stream.written), events: sinks.flatMap(({ events }) => events) };
}

function startRequest(connection: Connection, count: number): StrictSink {
  const sink = new StrictSink((length) => request.consumed(length));
  const request = connection.request(
    [
      [":method", "POST"],
      [":scheme", "http"],
      [":path", "/"],
    ],
    sink,
  );
  request.write(new Uint8Array(count * 100));
  if (count > 1) request.end();
  return sink;
}

/** The peer must be able to read what it is sent, and it is not much. Gives the codes of what went wrong. */
function checkAnswers(role: Role, input: Uint8Array, written: Uint8Array): string {
  if (written.length > 4096 + mostAnswer * input.length)
    throw new TypeError("answers that are much longer than the input");
  const collector = new FrameCollector(role === "client" ? Buffer.from(clientPreface) : new Uint8Array(0));
  collector.push(written);
  const codes = collector.frames.flatMap(({ type, payload }) => {
    if (type === frameType.goaway) return [`goaway ${payload.readUInt32BE(4)} ${payload.toString("latin1", 8)}`];
    return type === frameType.rstStream ? [`reset ${payload.readUInt32BE(0)}`] : [];
  });
  return [...new Set(codes)]
    .sort()
    .join()
    .replaceAll(/\d{3,}/g, "#");
}

/** Frames that make sense one by one, and mostly together. */
function frames(random: Random): Uint8Array {
  const encoder = new HeaderEncoder();
  const parts: Uint8Array[] = [encodeFrame(frameType.settings, 0, 0, settings(random))];
  for (let left = random(12); left > 0; left--) parts.push(frame(random, encoder));
  return Uint8Array.from(Buffer.concat(parts));
}

function settings(random: Random): Buffer {
  const entries = many<Uint8Array>(random, 3, () => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(oneIn(random, 5) ? number(random) % 65_536 : 1 + random(6));
    bytes.writeUInt32BE(pick(random, edges), 2);
    return bytes;
  });
  return Buffer.concat(entries);
}

function frame(random: Random, encoder: HeaderEncoder): Uint8Array {
  const id = oneIn(random, 8) ? number(random) % 2 ** 31 : random(9);
  const flags = pick(random, [0, 0, 1, 1, 4, 4, 5, 5, 8, 13, 32, 36, 255]);
  const bytes = Buffer.alloc(random(40), random(256));
  switch (random(12)) {
    case 0:
      return encodeFrame(frameType.data, flags, id, bytes);
    case 1:
    case 2:
    case 3:
      return encodeFrame(frameType.headers, flags, id, block(random, encoder));
    case 4:
      return encodeFrame(frameType.continuation, flags, id, oneIn(random, 2) ? bytes : block(random, encoder));
    case 5:
      return encodeFrame(frameType.rstStream, 0, id, uint32(number(random)));
    case 6:
      return encodeFrame(frameType.settings, pick(random, [0, 0, 1]), 0, settings(random));
    case 7:
      return encodeFrame(frameType.ping, pick(random, [0, 1]), 0, Buffer.alloc(8));
    case 8:
      return encodeFrame(frameType.goaway, 0, 0, Buffer.concat([uint32(number(random), number(random)), bytes]));
    case 9:
      return encodeFrame(frameType.windowUpdate, 0, id, uint32(number(random)));
    case 10:
      return encodeFrame(frameType.priority, 0, id, Buffer.alloc(5, random(3)));
    default:
      return encodeFrame(random(256), flags, id, bytes);
  }
}

function block(random: Random, encoder: HeaderEncoder): Buffer {
  const request = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", "/"],
  ] as const;
  const own = many(
    random,
    3,
    () =>
      [
        pick(random, ["a", "content-length", "te", "grpc-status", "connection", ":status", "UPPER", "", "cookie"]),
        pick(random, ["", "0", "5", "-1", "trailers", "x".repeat(random(400)), "a\r\nb", "99999999999999999999"]),
      ] as const,
  );
  return Buffer.from(
    encoder.encode([...pick(random, [request, [[":status", "200"]], [[":status", "100"]], []] as const), ...own]),
  );
}

function http2(role: Role): Target {
  const preface = role === "server" ? Buffer.from(clientPreface) : Buffer.alloc(0);
  return {
    kind: `http2-${role}`,
    seeds: [preface, Buffer.concat([preface, encodeFrame(frameType.settings, 0, 0)])],
    dictionary: [0, 1, 3, 4, 5, 6, 7, 8, 9].map((type) =>
      encodeFrame(type, 4, 1, Buffer.alloc(type % 5 === 3 ? 4 : 0)),
    ),
    generate: (random) => new Uint8Array(Buffer.concat([preface, frames(random)])),
    short: 150,
    async run(input) {
      const whole = await talk(role, input, input.length);
      // Allowances are for a time, and pieces of one byte take longer.
      if (input.length > 3000) return whole.answers;
      await talk(role, input, 1 + (input.length % 50), true);
      const pieces = await talk(role, input, 1 + (input.length % 7));
      if (!Bun.deepEquals(whole.events, pieces.events)) {
        throw new TypeError(`pieces make a difference: ${whole.events.join("; ")} / ${pieces.events.join("; ")}`);
      }
      return whole.answers;
    },
  };
}

/** HTTP/2 as either end hears it. */
export const http2Targets: readonly Target[] = [http2("client"), http2("server")];
