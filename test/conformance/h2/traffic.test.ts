import { describe, expect, test } from "bun:test";
import { type Connection, openConnection, type Stream, type StreamSink } from "../../../src/h2/connection.ts";
import { openPair } from "../../h2/pair.ts";
import { openRandom } from "../../h2/random.ts";

type Random = (below: number) => number;

/** The bytes of one direction of a stream: known from its id, so that both ends can tell. */
function contentOf(id: number, size: number): Buffer {
  return Buffer.alloc(size, `stream ${id}, byte `);
}

/** One end of a stream: sends in parts of any size, takes its time with what it receives. */
class Talker implements StreamSink {
  readonly received: Buffer[] = [];
  outcome = "open";
  readonly done: Promise<void>;
  readonly #random: Random;
  readonly #content: Buffer;
  readonly #finish: (stream: Stream) => void;
  readonly #settle: () => void;
  #stream: Stream | undefined;
  #sent = 0;
  #isBlocked = false;

  constructor(random: Random, content: Buffer, finish: (stream: Stream) => void) {
    this.#random = random;
    this.#content = content;
    this.#finish = finish;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = resolve;
  }

  start(stream: Stream, resetAfter: number | undefined): void {
    this.#stream = stream;
    void this.#talk(stream, resetAfter);
  }

  async #talk(stream: Stream, resetAfter: number | undefined): Promise<void> {
    while (this.#sent < this.#content.length && this.#isOpen) {
      if (resetAfter !== undefined && this.#sent > resetAfter) {
        stream.reset(8);
        if (this.outcome === "open") this.#close("given up");
        return;
      }
      if (!this.#isBlocked) {
        const size = this.#random(4) === 0 ? this.#random(60_000) : this.#random(300);
        const part = this.#content.subarray(this.#sent, this.#sent + size);
        this.#sent += part.length;
        const cut = this.#random(part.length + 1);
        this.#isBlocked = !stream.write(Buffer.from(part.subarray(0, cut)), Buffer.from(part.subarray(cut)));
      }
      if (this.#isBlocked || this.#random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#isOpen) this.#finish(stream);
  }

  /** The peer may have said all that it has, and still listens. */
  get #isOpen(): boolean {
    return this.outcome === "open" || this.outcome === "ended";
  }

  headers(_list: unknown, ended: boolean): void {
    if (ended) this.#close("ended");
  }

  data(bytes: Uint8Array): void {
    this.received.push(Buffer.from(bytes));
    const { length } = bytes;
    const stream = this.#stream;
    if (this.#random(2) === 0) stream?.consumed(length);
    else setTimeout(() => stream?.consumed(length), this.#random(3));
  }

  end(): void {
    this.#close("ended");
  }

  reset(error: Error, code: number): void {
    this.#close(`${error.name} ${code}`);
  }

  drain(): void {
    if (!this.#isBlocked) throw new Error("drain without need");
    this.#isBlocked = false;
  }

  #close(outcome: string): void {
    if (this.outcome !== "open") throw new Error(`${outcome} after ${this.outcome}`);
    this.outcome = outcome;
    this.#settle();
  }
}

function options(random: Random) {
  const pick = <T>(...values: readonly T[]): T => values[random(values.length)] ?? (values[0] as T);
  return {
    streamWindow: pick(100, 1000, 5000, 65_535, 1 << 20),
    connectionWindow: pick(65_535, 100_000, 1 << 24),
    sendBuffer: pick(1, 1000, 100_000, 1 << 20),
    maxStreams: pick(3, 10, 1000),
  };
}

async function play(seed: number): Promise<void> {
  const random = openRandom(seed);
  const longest = [1, 7, 1000, 1 << 20][random(4)] ?? 1;
  const windows = options(random);
  const largest = Math.min(longest * 1000, windows.streamWindow * 30, 150_000);
  const { left, right } = openPair({ highWater: 1 + random(200_000), split: () => 1 + random(longest) });
  const answers = new Map<number, Talker>();
  const sizes = new Map<number, number>();
  const server = openConnection(right, {
    ...windows,
    role: "server",
    onStream: (stream, list, ended) => {
      const content = contentOf(stream.id, random(largest));
      sizes.set(stream.id, content.length);
      const talker = new Talker(random, content, (answer) => answer.sendHeaders([["x-id", String(stream.id)]], true));
      answers.set(stream.id, talker);
      talker.headers(list, ended);
      stream.sendHeaders([
        [":status", "200"],
        ["x-random", String(random(5))],
      ]);
      talker.start(stream, random(10) === 0 ? random(10_000) : undefined);
      return talker;
    },
  });
  const client = openConnection(left, { ...windows, role: "client" });
  const talkers = Array.from({ length: 25 }, () => ask(client, random, largest));
  await Promise.all(talkers.map(({ talker }) => talker.done));
  client.close();
  expect(await client.closed).toBeUndefined();
  expect(await server.closed).toBeUndefined();
  for (const { id, talker, size } of talkers) {
    const answer = answers.get(id);
    check(id, talker, sizes.get(id) ?? 0);
    if (answer !== undefined) check(id, answer, size);
  }
}

function ask(client: Connection, random: Random, largest: number) {
  const size = random(largest);
  const holder: { talker?: Talker } = {};
  const stream = client.request(
    [
      [":method", "POST"],
      [":scheme", "http"],
      [":path", `/${random(5)}`],
    ],
    {
      headers: (list, ended) => holder.talker?.headers(list, ended),
      data: (bytes) => holder.talker?.data(bytes),
      end: () => holder.talker?.end(),
      reset: (error, code) => holder.talker?.reset(error, code),
      drain: () => holder.talker?.drain(),
    },
  );
  const talker = new Talker(random, contentOf(stream.id, size), (own) => own.end());
  holder.talker = talker;
  talker.start(stream, random(10) === 0 ? random(10_000) : undefined);
  return { id: stream.id, talker, size };
}

/** What has come is the right thing, and all of it when the stream ended well. */
function check(id: number, talker: Talker, size: number): void {
  const received = Buffer.concat(talker.received);
  expect(received.equals(contentOf(id, size).subarray(0, received.length))).toBe(true);
  expect(talker.outcome).toBeOneOf(["ended", "given up", "Http2Error 7", "Http2Error 8"]);
  if (talker.outcome === "ended") expect(received).toHaveLength(size);
}

describe("two ends of ours, with windows, parts and splits of any size", () => {
  for (let seed = 1; seed <= 30; seed++) test(`seed ${seed}`, () => play(seed), 60_000);
});
