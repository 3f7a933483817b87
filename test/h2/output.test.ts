import { describe, expect, test } from "bun:test";
import type { ByteStream } from "../../src/h2/byte-stream.ts";
import { openConnection } from "../../src/h2/connection.ts";
import { frameFlag, frameType } from "../../src/h2/frame.ts";
import type { HeaderList } from "../../src/h2/header-list.ts";
import { get, ok, openClient } from "./client-and-peer.ts";
import { openPair } from "./pair.ts";
import { RawPeer, settle } from "./raw-peer.ts";
import { Recorder } from "./recorder.ts";

const wide = [
  [4, 1 << 24],
  [3, 1000],
] as const;

describe("writes", () => {
  test("hold all that one turn has queued", async () => {
    const writes: number[] = [];
    const onWrite = (side: string, { length }: Uint8Array) => side === "left" && writes.push(length);
    const { client, peer } = await openClient({}, wide, { onWrite });
    writes.length = 0;
    for (let count = 0; count < 10; count++) {
      const stream = client.request(get, new Recorder());
      for (let part = 0; part < 20; part++) stream.write(Buffer.from("part "));
      stream.end();
    }
    await settle();
    expect(writes).toHaveLength(1);
    // Parts go together in one frame.
    expect(peer.of(frameType.data)).toHaveLength(10);
    expect(peer.received(1)).toHaveLength(100);
  });

  test("of much data are 16 full frames each", async () => {
    const writes: number[] = [];
    const onWrite = (side: string, { length }: Uint8Array) => side === "left" && writes.push(length);
    const { client, peer } = await openClient({ sendBuffer: 1 << 24 }, wide, { onWrite });
    const stream = client.request(get, new Recorder());
    peer.sendWindow(0, 1 << 24);
    await settle();
    writes.length = 0;
    const data = Buffer.alloc(600_000, "0123456789abcdefg");
    stream.write(data);
    await settle();
    expect(writes).toEqual([262_288, 262_288, 600_000 - 2 * 262_144 + 5 * 9]);
    expect(peer.received(1).equals(data)).toBe(true);
  });

  test("are the byte stream's own: later ones do not change them", async () => {
    const kept: { readonly bytes: Uint8Array; readonly copy: Buffer }[] = [];
    const onWrite = (_side: string, bytes: Uint8Array) => kept.push({ bytes, copy: Buffer.from(bytes) });
    const { client, peer } = await openClient({}, wide, { onWrite });
    peer.sendWindow(0, 1 << 24);
    const stream = client.request(get, new Recorder());
    for (let size = 1; size < 500_000; size *= 3) {
      stream.write(Buffer.alloc(size, size));
      await settle();
    }
    expect(kept.every(({ bytes, copy }) => copy.equals(bytes))).toBe(true);
  });

  test("use memory again that the byte stream gives back, and only then", async () => {
    const kept: { readonly memory: ArrayBufferLike; readonly release: (() => void) | undefined }[] = [];
    const { left, right } = openPair();
    const lending: ByteStream = {
      start: (sink) => left.start(sink),
      write(bytes, release) {
        if (bytes.length > 100_000) kept.push({ memory: bytes.buffer, release });
        return left.write(new Uint8Array(bytes));
      },
      pause: () => left.pause(),
      resume: () => left.resume(),
      end: () => left.end(),
      destroy: () => left.destroy(),
    };
    const client = openConnection(lending, { role: "client", sendBuffer: 1 << 24 });
    const peer = new RawPeer(right, "server");
    peer.sendSettings(...wide);
    peer.sendWindow(0, 1 << 24);
    const stream = client.request(get, new Recorder());
    const write = async () => {
      stream.write(Buffer.alloc(262_144, "x"));
      await settle();
    };
    await write();
    await write();
    kept[0]?.release?.();
    await write();
    await write();
    const [first, second, third, fourth] = kept.map(({ memory }) => memory);
    // The memory of the third write was at hand before any was given back.
    expect([fourth === first, new Set([first, second, third]).size]).toEqual([true, 3]);
  });

  test("stop when the byte stream is full and go on when it has drained", async () => {
    const { left, right } = openPair({ highWater: 300_000 });
    const client = openConnection(left, { role: "client", sendBuffer: 1 << 24 });
    const peer = new RawPeer(right, "server");
    peer.sendSettings(...wide);
    peer.sendWindow(0, 1 << 24);
    await settle();
    right.pause();
    const stream = client.request(get, new Recorder());
    stream.write(Buffer.alloc(1_000_000));
    await settle();
    right.resume();
    await settle();
    expect(peer.received(1)).toHaveLength(1_000_000);
  });
});

describe("turns", () => {
  test("let streams that send much go on side by side, and a small one through", async () => {
    const { client, peer } = await openClient({ sendBuffer: 1 << 24 }, wide);
    peer.sendWindow(0, 1 << 24);
    await settle();
    const streams = [1, 2, 3].map(() => client.request(get, new Recorder()));
    for (const stream of streams) stream.write(Buffer.alloc(200_000));
    const small = client.request(get, new Recorder());
    small.write(Buffer.from("small"));
    await settle();
    const ids = peer.of(frameType.data).map(({ id }) => id);
    expect(ids.slice(0, 8)).toEqual([1, 3, 5, 7, 1, 3, 5, 1]);
  });

  test("skip a stream whose window is used up", async () => {
    const { client, peer } = await openClient({}, [[4, 100]]);
    const stuck = client.request(get, new Recorder());
    stuck.write(Buffer.alloc(1000));
    const other = client.request(get, new Recorder());
    other.write(Buffer.alloc(50));
    await settle();
    other.write(Buffer.alloc(50));
    await settle();
    expect([peer.received(1).length, peer.received(3).length]).toEqual([100, 100]);
  });

  test("share the connection's window", async () => {
    const { client, peer } = await openClient({ sendBuffer: 1 << 24 }, wide);
    const streams = [1, 2].map(() => client.request(get, new Recorder()));
    for (const stream of streams) stream.write(Buffer.alloc(100_000));
    await settle();
    for (let count = 0; count < 30; count++) {
      peer.sendWindow(0, 5000);
      await settle();
    }
    expect([peer.received(1).length, peer.received(3).length]).toEqual([100_000, 100_000]);
  });

  test("of a thousand streams", async () => {
    const { client, peer } = await openClient({}, wide);
    peer.sendWindow(0, 1 << 24);
    const streams = Array.from({ length: 1000 }, () => client.request(get, new Recorder()));
    for (let round = 0; round < 3; round++) {
      for (const stream of streams) stream.write(Buffer.from(`${stream.id} `));
      await settle();
    }
    for (const stream of streams) stream.end();
    await settle();
    expect(streams.every(({ id }) => peer.received(id).toString() === `${id} `.repeat(3))).toBe(true);
    expect(peer.of(frameType.data).filter(({ flags }) => flags === frameFlag.endStream)).toHaveLength(1000);
  });
});

describe("headers", () => {
  const large = (size: number): HeaderList => [...get, ["x-large", "v".repeat(size)]];

  test("larger than a frame go on in CONTINUATION frames", async () => {
    const { client, peer } = await openClient();
    client.request(large(40_000), new Recorder());
    await settle();
    const frames = peer.frames.filter(({ id }) => id === 1);
    expect(frames.map(({ type, flags, payload }) => [type, flags, payload.length === 16_384])).toEqual([
      [frameType.headers, 0, true],
      [frameType.continuation, 0, true],
      [frameType.continuation, frameFlag.endHeaders, false],
    ]);
    const block = Buffer.concat(frames.map(({ payload }) => payload));
    expect(peer.decoder.decode(block)).toEqual(large(40_000));
  });

  test("larger than a write come through, in order with everything else", async () => {
    const { client, peer } = await openClient({}, wide);
    peer.sendWindow(0, 1 << 24);
    await settle();
    const first = client.request(get, new Recorder());
    first.write(Buffer.alloc(100_000));
    const second = client.request(large(300_000), new Recorder());
    second.write(Buffer.from("behind"));
    const third = client.request(get, new Recorder());
    third.end();
    await settle();
    const blocks = [1, 3, 5].map((id) => {
      const frames = peer.frames.filter((frame) => frame.id === id && frame.type !== frameType.data);
      return Buffer.concat(frames.map(({ payload }) => payload));
    });
    expect(blocks.map((block) => peer.decoder.decode(block)?.length)).toEqual([3, 4, 3]);
    expect([peer.received(1).length, peer.received(3).toString()]).toEqual([100_000, "behind"]);
    const start = peer.frames.findIndex(({ id, type }) => id === 3 && type === frameType.headers);
    expect(peer.frames.slice(start, start + 19).every(({ id }) => id === 3)).toBe(true);
  });

  test("are in the order that the peer's table needs, even when trailers wait behind data", async () => {
    const { left, right } = openPair();
    const sinks: Recorder[] = [];
    openConnection(right, {
      role: "server",
      onStream: (stream) => {
        stream.sendHeaders([...ok, ["x-first", String(stream.id)]]);
        stream.write(Buffer.alloc(150_000));
        stream.sendHeaders([["x-trailer", String(stream.id)]], true);
        return new Recorder();
      },
    });
    const client = openConnection(left, { role: "client", streamWindow: 70_000 });
    for (let count = 0; count < 20; count++) {
      const sink = new Recorder();
      sinks.push(sink);
      const stream = client.request(get, sink);
      stream.end();
      const data = sink.data.bind(sink);
      sink.data = (bytes) => {
        data(bytes);
        stream.consumed(bytes.length);
      };
    }
    await settle();
    for (const [index, sink] of sinks.entries()) {
      const id = String(index * 2 + 1);
      expect(sink.received).toHaveLength(150_000);
      expect([sink.events[0], sink.events.at(-1)]).toEqual([
        `headers :status=200 x-first=${id}`,
        `headers x-trailer=${id} end`,
      ]);
    }
  });
});
