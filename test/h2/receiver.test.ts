import { describe, expect, test } from "bun:test";
import { openConnection } from "../../src/h2/connection.ts";
import { frameFlag, frameType } from "../../src/h2/frame.ts";
import { errorCode } from "../../src/h2/http2-error.ts";
import { get, ok, openClient, openServer } from "./client-and-peer.ts";
import { uint32 } from "./frames.ts";
import { openPair } from "./pair.ts";
import { openRandom } from "./random.ts";
import { RawPeer, settle } from "./raw-peer.ts";
import { Recorder } from "./recorder.ts";

const text = (value: string) => Buffer.from(value);
const { data, headers, priority, rstStream, settings, pushPromise, ping, goaway, windowUpdate, continuation } =
  frameType;
const { protocolError, flowControlError, streamClosed, frameSizeError, compressionError, enhanceYourCalm } = errorCode;

type Case = readonly [what: string, code: number, send: (peer: RawPeer) => unknown];

/** Stream 1 is open when these are sent; 3 has ended; 5 was reset by the peer. */
const connectionErrors: readonly Case[] = [
  ["DATA on the connection", protocolError, (peer) => peer.sendData(0, "x")],
  ["DATA on an idle stream", protocolError, (peer) => peer.sendData(99, "x")],
  ["DATA on an idle stream of the server", protocolError, (peer) => peer.sendData(2, "x")],
  ["HEADERS on the connection", protocolError, (peer) => peer.sendHeaders(0, get)],
  ["HEADERS on a stream of the server", protocolError, (peer) => peer.sendHeaders(2, get)],
  ["HEADERS that are not HPACK", compressionError, (peer) => peer.send(headers, 4, 7, Buffer.of(0x80))],
  ["HEADERS that are not HPACK, on an open stream", compressionError, (p) => p.send(headers, 5, 1, Buffer.of(0x80))],
  ["HEADERS with too much padding", protocolError, (peer) => peer.send(headers, 0xc, 7, Buffer.of(2, 0x82))],
  ["HEADERS without room for padding", protocolError, (peer) => peer.send(headers, 0xc, 7)],
  ["HEADERS without room for their priority", frameSizeError, (peer) => peer.send(headers, 0x24, 7, Buffer.alloc(4))],
  ["HEADERS that depend on themselves", protocolError, (peer) => peer.send(headers, 0x24, 7, Buffer.of(0, 0, 0, 7, 1))],
  ["HEADERS on a stream that has ended", streamClosed, (peer) => peer.sendHeaders(3, get)],
  ["HEADERS on a stream that was skipped", protocolError, (peer) => [peer.sendRequest(21), peer.sendRequest(19)]],
  ["a frame between HEADERS and CONTINUATION", protocolError, (p) => [p.send(headers, 0, 7), p.sendData(1, "x")]],
  ["CONTINUATION of another stream", protocolError, (p) => [p.send(headers, 0, 7), p.send(continuation, 4, 9)]],
  ["CONTINUATION without HEADERS", protocolError, (peer) => peer.send(continuation, 4, 1)],
  ["CONTINUATION on the connection", protocolError, (peer) => peer.send(continuation, 4, 0)],
  ["PRIORITY on the connection", protocolError, (peer) => peer.send(priority, 0, 0, Buffer.alloc(5))],
  ["PRIORITY of 4 bytes", frameSizeError, (peer) => peer.send(priority, 0, 1, Buffer.alloc(4))],
  ["PRIORITY on itself", protocolError, (peer) => peer.send(priority, 0, 7, Buffer.of(0, 0, 0, 7, 1))],
  ["RST_STREAM on the connection", protocolError, (peer) => peer.sendReset(0, 8)],
  ["RST_STREAM on an idle stream", protocolError, (peer) => peer.sendReset(99, 8)],
  ["RST_STREAM of 5 bytes", frameSizeError, (peer) => peer.send(rstStream, 0, 1, Buffer.alloc(5))],
  ["SETTINGS on a stream", protocolError, (peer) => peer.send(settings, 0, 1)],
  ["SETTINGS with ACK and content", frameSizeError, (peer) => peer.send(settings, 1, 0, Buffer.alloc(6))],
  ["SETTINGS of 5 bytes", frameSizeError, (peer) => peer.send(settings, 0, 0, Buffer.alloc(5))],
  ["ENABLE_PUSH 2", protocolError, (peer) => peer.sendSettings([2, 2])],
  ["INITIAL_WINDOW_SIZE 2^31", flowControlError, (peer) => peer.sendSettings([4, 2 ** 31])],
  ["MAX_FRAME_SIZE 16383", protocolError, (peer) => peer.sendSettings([5, 16_383])],
  ["MAX_FRAME_SIZE 2^24", protocolError, (peer) => peer.sendSettings([5, 2 ** 24])],
  ["PUSH_PROMISE", protocolError, (peer) => peer.send(pushPromise, 4, 1, uint32(2))],
  ["PING on a stream", protocolError, (peer) => peer.send(ping, 0, 1, Buffer.alloc(8))],
  ["PING of 7 bytes", frameSizeError, (peer) => peer.send(ping, 0, 0, Buffer.alloc(7))],
  ["GOAWAY on a stream", protocolError, (peer) => peer.send(goaway, 0, 1, Buffer.alloc(8))],
  ["GOAWAY of 7 bytes", frameSizeError, (peer) => peer.send(goaway, 0, 0, Buffer.alloc(7))],
  ["WINDOW_UPDATE of 0 bytes", protocolError, (peer) => peer.sendWindow(0, 0)],
  ["WINDOW_UPDATE above 2^31-1", flowControlError, (peer) => peer.sendWindow(0, 2 ** 31 - 1)],
  ["WINDOW_UPDATE on an idle stream", protocolError, (peer) => peer.sendWindow(99, 1)],
  ["WINDOW_UPDATE of 3 bytes", frameSizeError, (peer) => peer.send(windowUpdate, 0, 1, Buffer.alloc(3))],
  [
    "a stream's window moved above 2^31-1",
    flowControlError,
    (peer) => [peer.sendWindow(1, 2 ** 31 - 65_536), peer.sendSettings([4, 65_536])],
  ],
  ["a frame of more than 16 KiB", frameSizeError, (peer) => peer.sendData(1, Buffer.alloc(16_385))],
];

async function openStates() {
  const opened = await openServer({ connectionWindow: 65_535 });
  const { peer, streams } = opened;
  peer.sendRequest(1);
  peer.sendRequest(3, frameFlag.endStream);
  peer.sendRequest(5);
  peer.sendReset(5, 8);
  await settle();
  streams[1]?.stream.sendHeaders(ok, true);
  await settle();
  return opened;
}

describe("ends the connection:", () => {
  for (const [what, code, send] of connectionErrors) {
    test(what, async () => {
      const { server, peer, streams } = await openStates();
      send(peer);
      await settle();
      expect(peer.goaway?.code).toBe(code);
      expect(peer.goaway?.text).not.toBe("");
      expect(streams[0]?.sink.events.at(-1)).toBe(`reset ${code}`);
      expect(peer.hasEnded).toBe(true);
      expect(await server.closed).toMatchObject({ name: "ConnectionError", code });
    });
  }

  test("a stream that a server begins", async () => {
    const { client, peer } = await openClient();
    peer.sendHeaders(2, ok);
    expect(await client.closed).toMatchObject({ code: protocolError });
  });

  test("ENABLE_PUSH from a server", async () => {
    const { client, peer } = await openClient();
    peer.sendSettings([2, 0]);
    await settle();
    peer.sendSettings([2, 1]);
    expect(await client.closed).toMatchObject({ code: protocolError });
  });
});

const streamErrors: readonly Case[] = [
  ["DATA behind the end", streamClosed, (peer) => [peer.sendData(1, "", 1), peer.sendData(1, "x")]],
  ["HEADERS behind the end", streamClosed, (peer) => [peer.sendData(1, "", 1), peer.sendHeaders(1, [["a", "b"]], 1)]],
  ["trailers that do not end", protocolError, (peer) => peer.sendHeaders(1, [["a", "b"]])],
  ["trailers with a pseudo field", protocolError, (peer) => peer.sendHeaders(1, [[":path", "/"]], 1)],
  ["WINDOW_UPDATE of 0 bytes", protocolError, (peer) => peer.sendWindow(1, 0)],
  ["WINDOW_UPDATE above 2^31-1", flowControlError, (peer) => peer.sendWindow(1, 2 ** 31 - 1)],
];

describe("resets one stream:", () => {
  for (const [what, code, send] of streamErrors) {
    test(what, async () => {
      const { peer, streams } = await openStates();
      send(peer);
      await settle();
      expect(peer.resets(1)).toEqual([code]);
      expect(streams[0]?.sink.events.at(-1)).toBe(`reset ${code}`);
      peer.sendRequest(7);
      await settle();
      expect(streams).toHaveLength(4);
      expect(peer.goaway).toBeUndefined();
    });
  }

  test("DATA on a stream that is gone", async () => {
    const { peer } = await openStates();
    peer.sendData(3, "x");
    peer.sendData(5, "x");
    await settle();
    expect([peer.resets(3), peer.resets(5)]).toEqual([[streamClosed], [streamClosed]]);
    // Once is enough: more may be under way.
    peer.sendData(3, "x");
    await settle();
    expect(peer.resets(3)).toEqual([streamClosed]);
  });

  test("a malformed request, which nobody sees", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1, 0, ["Upper", "case"]);
    peer.sendHeaders(3, [[":method", "GET"]]);
    peer.sendRequest(5, frameFlag.endStream, ["content-length", "3"]);
    await settle();
    expect([1, 3, 5].map((id) => peer.resets(id))).toEqual([[protocolError], [protocolError], [protocolError]]);
    expect(streams).toEqual([]);
    peer.sendData(1, "ignored");
    peer.sendHeaders(1, [["a", "b"]], frameFlag.endStream);
    await settle();
    expect(peer.goaway).toBeUndefined();
  });

  test("one stream more than allowed", async () => {
    const { peer, streams } = await openServer({ maxStreams: 2 });
    for (const id of [1, 3, 5]) peer.sendRequest(id);
    await settle();
    expect(peer.resets(5)).toEqual([errorCode.refusedStream]);
    streams[0]?.stream.reset(8);
    peer.sendRequest(7);
    await settle();
    expect(streams).toHaveLength(3);
  });

  test("headers above the limit", async () => {
    const { peer, streams } = await openServer({ maxHeaderList: 1000 });
    peer.sendRequest(1, 0, ["a", "x".repeat(900)]);
    peer.sendRequest(3);
    await settle();
    expect(peer.resets(1)).toEqual([enhanceYourCalm]);
    expect(streams.map(({ stream }) => stream.id)).toEqual([3]);
  });

  test("content that is not as long as promised", async () => {
    const { peer, streams } = await openServer();
    for (const id of [1, 3, 5]) peer.sendRequest(id, 0, ["content-length", "4"]);
    peer.sendData(1, "abc", frameFlag.endStream);
    peer.sendData(3, "abcde", frameFlag.endStream);
    peer.sendData(5, "ab");
    peer.sendData(5, "cd", frameFlag.endStream);
    await settle();
    expect(streams.map(({ sink }) => sink.events.at(-1))).toEqual(["reset 1", "reset 1", "end"]);
  });

  test("a malformed response", async () => {
    const { client, peer } = await openClient();
    const sinks = Array.from({ length: 5 }, () => new Recorder());
    for (const sink of sinks) client.request(get, sink).end();
    await settle();
    peer.sendHeaders(1, [["no", "status"]]);
    peer.sendHeaders(3, [[":status", "20"]]);
    peer.sendData(5, "before headers");
    peer.sendHeaders(7, [[":status", "103"]], frameFlag.endStream);
    peer.sendHeaders(
      9,
      [
        [":status", "200"],
        ["content-length", "5"],
      ],
      frameFlag.endStream,
    );
    await settle();
    expect(sinks.map(({ events }) => events)).toEqual([
      ["reset 1"],
      ["reset 1"],
      ["reset 1"],
      ["reset 1"],
      // It may be the answer to HEAD.
      ["headers :status=200 content-length=5 end"],
    ]);
    expect(sinks[0]?.error?.message).toBe("malformed headers: no :status");
    expect([1, 3, 5, 7].map((id) => peer.resets(id))).toEqual([[1], [1], [1], [1]]);
  });
});

describe("lets pass:", () => {
  const harmless: readonly (readonly [what: string, send: (peer: RawPeer) => unknown])[] = [
    ["a frame of an unknown type", (peer) => peer.send(0xff, 0xff, 1, text("anything"))],
    ["unknown settings", (peer) => peer.sendSettings([99, 1], [8, 0])],
    ["unknown flags", (peer) => peer.send(ping, 0xfe, 0, Buffer.alloc(8))],
    ["an answer to no PING", (peer) => peer.send(ping, 1, 0, Buffer.alloc(8))],
    ["PRIORITY on any stream", (peer) => peer.send(priority, 0, 99, Buffer.of(0, 0, 0, 1, 1))],
    ["RST_STREAM and WINDOW_UPDATE on streams that are gone", (p) => [p.sendReset(3, 8), p.sendWindow(5, 1)]],
    ["a PRIORITY inside HEADERS", (peer) => peer.send(headers, 0x25, 7, Buffer.concat([Buffer.of(0, 0, 0, 1, 9)]))],
    ["a code that nobody knows", (peer) => peer.sendReset(1, 0xabcdef)],
  ];
  for (const [what, send] of harmless) {
    test(what, async () => {
      const { peer, streams } = await openStates();
      send(peer);
      peer.sendRequest(9);
      await settle();
      expect(streams).toHaveLength(4);
      expect(peer.goaway).toBeUndefined();
    });
  }

  test("what is under way to a stream that we reset", async () => {
    const { peer, streams } = await openStates();
    streams[0]?.stream.reset(8);
    await settle();
    peer.sendData(1, "x");
    peer.sendHeaders(1, [["a", "b"]], frameFlag.endStream);
    peer.sendWindow(1, 0);
    await settle();
    expect(peer.goaway).toBeUndefined();
    expect(peer.resets(1)).toEqual([8]);
  });
});

describe("floods:", () => {
  const floods: readonly (readonly [what: string, send: (peer: RawPeer, count: number) => unknown])[] = [
    ["PING", (peer) => peer.send(ping, 0, 0, Buffer.alloc(8))],
    ["SETTINGS", (peer) => peer.send(settings, 0, 0)],
    ["PRIORITY", (peer) => peer.send(priority, 0, 7, Buffer.alloc(5))],
    ["unknown frames", (peer) => peer.send(0xee, 0, 7)],
    ["empty DATA", (peer) => peer.sendData(1, "")],
    ["streams that are reset", (peer, count) => [peer.sendRequest(7 + 2 * count), peer.sendReset(7 + 2 * count, 8)]],
    ["malformed requests", (peer, count) => peer.sendHeaders(7 + 2 * count, ok)],
    ["streams that make us reset them", (p, count) => [p.sendRequest(7 + 2 * count), p.sendWindow(7 + 2 * count, 0)]],
  ];
  for (const [what, send] of floods) {
    test(what, async () => {
      const { peer, streams } = await openStates();
      for (let count = 0; count < 60_000; count++) {
        send(peer, count);
        if (count % 6000 < 5999) continue;
        await settle();
        if (peer.goaway !== undefined) break;
      }
      expect(peer.goaway?.code).toBe(enhanceYourCalm);
      expect(streams.length).toBeLessThan(50_000);
    });
  }

  test("CONTINUATION without content, and without end", async () => {
    for (const payload of [text(""), Buffer.alloc(10_000)]) {
      const { peer } = await openServer({ maxHeaderList: 100_000 });
      peer.send(headers, 0, 1);
      for (let count = 0; count < 20; count++) peer.send(continuation, 0, 1, payload);
      await settle();
      expect(peer.goaway?.code).toBe(enhanceYourCalm);
    }
  });

  test("answers that nobody reads", async () => {
    const { left, right } = openPair({ highWater: 1 });
    const server = openConnection(right, { role: "server" });
    const peer = new RawPeer(left, "client");
    peer.sendSettings();
    await settle();
    left.pause();
    for (let count = 0; count < 9000; count++) peer.send(ping, 0, 0, Buffer.alloc(8));
    await settle();
    left.resume();
    await settle();
    expect(await server.closed).toMatchObject({ code: enhanceYourCalm, message: "answers that nobody reads" });
  });
});

test("the same bytes, split anywhere, give the same events", async () => {
  const random = openRandom(1);
  const play = async (split: () => number) => {
    const { peer, streams } = await openServer({}, [], { split });
    for (let id = 1; id < 60; id += 2) {
      peer.sendRequest(id, 0, ["x-number", String(id)], ["x-long", "y".repeat(id * 40)]);
      peer.sendData(id, "z".repeat(id * 200));
      if (id % 3 === 0) peer.sendReset(id, 8);
      else if (id % 5 === 0) peer.sendHeaders(id, [["trailer", "t"]], frameFlag.endStream);
      else peer.send(data, frameFlag.endStream | frameFlag.padded, id, Buffer.of(3, 65, 66, 0, 0, 0));
    }
    await settle();
    expect(peer.goaway).toBeUndefined();
    return streams.map(({ request, sink }) => [request, ...sink.events]);
  };
  const whole = await play(() => 1 << 30);
  expect(whole).toHaveLength(30);
  for (const longest of [1, 3, 30, 3000]) expect(await play(() => 1 + random(longest))).toEqual(whole);
});
