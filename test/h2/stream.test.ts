import { describe, expect, test } from "bun:test";
import { frameFlag, frameType } from "../../src/h2/frame.ts";
import { get, ok, openClient, openServer } from "./client-and-peer.ts";
import { settle } from "./raw-peer.ts";
import { Recorder } from "./recorder.ts";

const text = (value: string) => Buffer.from(value);
const trailers = [["grpc-status", "0"]] as const;

describe("a client's stream", () => {
  test("sends headers, data and its end", async () => {
    const { client, peer } = await openClient();
    const stream = client.request(get, new Recorder());
    await settle();
    expect(peer.of(frameType.headers, 1)[0]?.flags).toBe(frameFlag.endHeaders);
    stream.write(text("he"), text(""), text("llo"));
    stream.end();
    stream.end();
    await settle();
    expect(peer.of(frameType.data, 1).map(({ flags, payload }) => [flags, payload.toString()])).toEqual([
      [frameFlag.endStream, "hello"],
    ]);
  });

  test("that has no body ends with an empty DATA frame, because grpc-go wants one", async () => {
    const { client, peer } = await openClient();
    client.request(get, new Recorder()).end();
    await settle();
    const frames = peer.frames.filter(({ id }) => id === 1);
    expect(frames.map(({ type, flags, payload }) => [type, flags, payload.length > 0])).toEqual([
      [frameType.headers, frameFlag.endHeaders, true],
      [frameType.data, frameFlag.endStream, false],
    ]);
  });

  test("that ends later ends with an empty DATA frame", async () => {
    const { client, peer } = await openClient();
    const stream = client.request(get, new Recorder());
    await settle();
    stream.end();
    await settle();
    expect(peer.of(frameType.data, 1)).toEqual([{ type: 0, flags: frameFlag.endStream, id: 1, payload: text("") }]);
  });

  test("receives headers, data and trailers", async () => {
    const { client, peer } = await openClient();
    const sink = new Recorder();
    client.request(get, sink).end();
    await settle();
    peer.sendHeaders(1, ok);
    peer.sendData(1, "hel");
    peer.sendData(1, "lo");
    peer.sendHeaders(1, trailers, frameFlag.endStream);
    await settle();
    expect(sink.events).toEqual(["headers :status=200", "data hello", "headers grpc-status=0 end"]);
  });

  test("receives an end with the headers, or with data", async () => {
    const { client, peer } = await openClient();
    const sinks = [new Recorder(), new Recorder()];
    for (const sink of sinks) client.request(get, sink).end();
    await settle();
    peer.sendHeaders(1, ok, frameFlag.endStream);
    peer.sendHeaders(3, ok);
    peer.sendData(3, "x", frameFlag.endStream);
    await settle();
    expect(sinks.map(({ events }) => events)).toEqual([
      ["headers :status=200 end"],
      ["headers :status=200", "data x", "end"],
    ]);
  });

  test("hears nothing of interim responses", async () => {
    const { client, peer } = await openClient();
    const sink = new Recorder();
    client.request(get, sink).end();
    await settle();
    peer.sendHeaders(1, [[":status", "103"]]);
    peer.sendHeaders(1, ok, frameFlag.endStream);
    await settle();
    expect(sink.events).toEqual(["headers :status=200 end"]);
  });

  test("may go on sending after the response has ended", async () => {
    const { client, peer } = await openClient();
    const sink = new Recorder();
    const stream = client.request(get, sink);
    await settle();
    peer.sendHeaders(1, ok, frameFlag.endStream);
    await settle();
    stream.write(text("more"));
    stream.end();
    await settle();
    expect(peer.received(1).toString()).toBe("more");
    expect(sink.events).toEqual(["headers :status=200 end"]);
  });

  test("waits until the peer allows one more", async () => {
    const { client, peer } = await openClient({}, [[3, 2]]);
    const sinks = [new Recorder(), new Recorder(), new Recorder(), new Recorder()];
    const streams = sinks.map((sink) => client.request(get, sink));
    for (const stream of streams) {
      stream.write(text(`on ${stream.id}`));
      stream.end();
    }
    await settle();
    expect(peer.of(frameType.headers).map(({ id }) => id)).toEqual([1, 3]);
    // The third is given up before it began: the peer never hears of it.
    streams[2]?.reset(8);
    peer.sendHeaders(1, ok, frameFlag.endStream);
    await settle();
    expect(peer.of(frameType.headers).map(({ id }) => id)).toEqual([1, 3, 7]);
    expect(peer.received(7).toString()).toBe("on 7");
    expect(peer.of(frameType.rstStream)).toEqual([]);
    peer.sendSettings([3, 100]);
    await settle();
    client.request(get, new Recorder());
    await settle();
    expect(peer.of(frameType.headers).map(({ id }) => id)).toEqual([1, 3, 7, 9]);
  });

  test("that waits begins as soon as the peer allows more", async () => {
    const { client, peer } = await openClient({}, [[3, 0]]);
    client.request(get, new Recorder());
    await settle();
    expect(peer.of(frameType.headers)).toEqual([]);
    peer.sendSettings([3, 1]);
    await settle();
    expect(peer.of(frameType.headers)).toHaveLength(1);
  });
});

describe("a server's stream", () => {
  test("receives a request and answers it", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    peer.sendData(1, "question", frameFlag.endStream);
    await settle();
    const [first] = streams;
    expect(first?.request).toBe(":method=POST :scheme=http :path=/");
    expect(first?.sink.events).toEqual(["data question", "end"]);
    first?.stream.sendHeaders(ok);
    first?.stream.write(text("answer"));
    first?.stream.sendHeaders(trailers, true);
    await settle();
    const frames = peer.frames.filter(({ id }) => id === 1);
    expect(frames.map(({ type, flags }) => [type, flags])).toEqual([
      [frameType.headers, frameFlag.endHeaders],
      [frameType.data, 0],
      [frameType.headers, frameFlag.endHeaders | frameFlag.endStream],
    ]);
    expect(peer.decoder.decode(frames[0]?.payload ?? text(""))).toEqual([...ok]);
    expect(peer.decoder.decode(frames[2]?.payload ?? text(""))).toEqual([...trailers]);
  });

  test("answers with headers only", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1, frameFlag.endStream);
    await settle();
    expect(streams[0]?.request).toEndWith(" end");
    streams[0]?.stream.sendHeaders(ok, true);
    await settle();
    expect(peer.of(frameType.headers, 1)[0]?.flags).toBe(frameFlag.endHeaders | frameFlag.endStream);
  });

  test("with headers and trailers but no data", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1, frameFlag.endStream);
    await settle();
    streams[0]?.stream.sendHeaders(ok);
    streams[0]?.stream.sendHeaders(trailers, true);
    await settle();
    expect(peer.of(frameType.headers, 1).map(({ flags }) => flags)).toEqual([4, 5]);
  });

  test("receives trailers", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    peer.sendData(1, "x");
    peer.sendHeaders(1, [["checksum", "1"]], frameFlag.endStream);
    await settle();
    expect(streams[0]?.sink.events).toEqual(["data x", "headers checksum=1 end"]);
  });

  test("says after its answer that it needs no more of the request", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    await settle();
    const stream = streams[0]?.stream;
    stream?.sendHeaders(ok);
    stream?.write(text("answer"));
    stream?.end();
    stream?.reset(0);
    await settle();
    peer.sendData(1, "ignored", frameFlag.endStream);
    await settle();
    const kinds = peer.frames.filter(({ id }) => id === 1).map(({ type }) => type);
    expect(kinds).toEqual([frameType.headers, frameType.data, frameType.rstStream]);
    expect(peer.resets(1)).toEqual([0]);
    expect(streams[0]?.sink.events).toEqual([]);
  });

  test("that has its whole request needs no reset after its answer", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1, frameFlag.endStream);
    await settle();
    streams[0]?.stream.sendHeaders(ok, true);
    streams[0]?.stream.reset(0);
    await settle();
    expect(peer.resets(1)).toEqual([]);
    expect(peer.of(frameType.headers, 1)).toHaveLength(1);
  });

  test("nothing can follow the end", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    await settle();
    const stream = streams[0]?.stream;
    stream?.sendHeaders(ok, true);
    expect(() => stream?.write(text("x"))).toThrow("ended");
    expect(() => stream?.sendHeaders(trailers, true)).toThrow("ended");
  });

  test("headers behind data must be the last", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    await settle();
    streams[0]?.stream.write(text("x"));
    expect(() => streams[0]?.stream.sendHeaders(trailers)).toThrow("must end");
  });
});

describe("reset", () => {
  test("drops what is queued, tells the peer and ends everything", async () => {
    const { client, peer } = await openClient({}, [[4, 10]]);
    const sink = new Recorder();
    const stream = client.request(get, sink);
    stream.write(text("0123456789 and more"));
    await settle();
    expect(peer.received(1).toString()).toBe("0123456789");
    stream.reset(8);
    stream.reset(8);
    expect(stream.write(text("x"))).toBe(true);
    stream.end();
    stream.sendHeaders(trailers, true);
    stream.consumed(1);
    peer.sendWindow(1, 100);
    peer.sendHeaders(1, ok);
    peer.sendData(1, "late");
    peer.sendReset(1, 8);
    await settle();
    expect(peer.resets(1)).toEqual([8]);
    expect(peer.received(1).toString()).toBe("0123456789");
    expect(sink.events).toEqual([]);
  });

  test("before the headers went out, nothing does", async () => {
    const { client, peer } = await openClient();
    client.request(get, new Recorder()).reset(8);
    await settle();
    expect(peer.frames.filter(({ id }) => id === 1)).toEqual([]);
    client.request(get, new Recorder());
    await settle();
    expect(peer.of(frameType.headers).map(({ id }) => id)).toEqual([3]);
  });

  test("by the peer is told once", async () => {
    const { peer, streams } = await openServer();
    peer.sendRequest(1);
    peer.sendReset(1, 8);
    peer.sendReset(1, 8);
    await settle();
    expect(streams[0]?.sink.events).toEqual(["reset 8"]);
    expect(streams[0]?.sink.error?.message).toBe("the peer reset the stream: CANCEL");
    expect(peer.goaway).toBeUndefined();
  });

  test("inside of data() stops the rest of the frame", async () => {
    const { left } = { left: await openServer({}, [], { split: () => 5 }) };
    const { peer, streams } = left;
    peer.sendRequest(1);
    await settle();
    const first = streams[0];
    if (first === undefined) throw new Error("no stream");
    const seen: string[] = [];
    first.sink.data = (bytes) => {
      seen.push(Buffer.from(bytes).toString());
      first.stream.reset(8);
    };
    peer.sendData(1, "a long frame that comes in several pieces", frameFlag.endStream);
    await settle();
    expect(seen).toHaveLength(1);
    expect(peer.goaway).toBeUndefined();
  });
});

describe("sending", () => {
  test("stops at the stream's window and goes on with more of it", async () => {
    const { client, peer } = await openClient({}, [[4, 5]]);
    const stream = client.request(get, new Recorder());
    stream.write(text("0123456789"));
    stream.end();
    await settle();
    expect(peer.received(1).toString()).toBe("01234");
    peer.sendWindow(1, 3);
    await settle();
    expect(peer.received(1).toString()).toBe("01234567");
    expect(peer.of(frameType.data).at(-1)?.flags).toBe(0);
    peer.sendWindow(1, 100);
    await settle();
    expect(peer.received(1).toString()).toBe("0123456789");
    expect(peer.of(frameType.data).at(-1)?.flags).toBe(frameFlag.endStream);
  });

  test("stops at the connection's window, and other streams' ends still go out", async () => {
    const { client, peer } = await openClient({}, [[4, 1 << 20]]);
    const stream = client.request(get, new Recorder());
    stream.write(Buffer.alloc(100_000));
    await settle();
    expect(peer.received(1)).toHaveLength(65_535);
    const other = client.request(get, new Recorder());
    await settle();
    other.end();
    await settle();
    expect(peer.of(frameType.data, 3).at(-1)?.flags).toBe(frameFlag.endStream);
    peer.sendWindow(0, 10_000);
    await settle();
    expect(peer.received(1)).toHaveLength(75_535);
    peer.sendWindow(0, 1 << 20);
    await settle();
    expect(peer.received(1)).toHaveLength(100_000);
  });

  test("follows the initial window, down below zero and up again", async () => {
    const { client, peer } = await openClient({}, [[4, 10]]);
    const stream = client.request(get, new Recorder());
    stream.write(text("0123456789abcdefghij"));
    await settle();
    // 10 bytes are under way, so the stream's window is -6 now.
    peer.sendSettings([4, 4]);
    peer.sendWindow(1, 6);
    await settle();
    expect(peer.received(1)).toHaveLength(10);
    peer.sendWindow(1, 1);
    await settle();
    expect(peer.received(1)).toHaveLength(11);
    peer.sendSettings([4, 7]);
    await settle();
    expect(peer.received(1).toString()).toBe("0123456789abcd");
    const fresh = client.request(get, new Recorder());
    fresh.write(text("0123456789"));
    await settle();
    expect(peer.received(3).toString()).toBe("0123456");
  });

  test("waits for drain when much is queued", async () => {
    const { client, peer } = await openClient({ sendBuffer: 1000 }, [[4, 0]]);
    const sink = new Recorder();
    const stream = client.request(get, sink);
    expect(stream.write(Buffer.alloc(600))).toBe(true);
    expect(stream.write(Buffer.alloc(600))).toBe(false);
    expect(stream.write(Buffer.alloc(1))).toBe(false);
    await settle();
    peer.sendWindow(1, 700);
    await settle();
    expect(sink.events).toEqual([]);
    peer.sendWindow(1, 1);
    await settle();
    expect(sink.events).toEqual(["drain"]);
    expect(stream.write(Buffer.alloc(499))).toBe(true);
    expect(stream.write(Buffer.alloc(1))).toBe(false);
  });

  test("can go on inside of drain()", async () => {
    const { client, peer } = await openClient({ sendBuffer: 1000 }, [[4, 1 << 20]]);
    const sink = new Recorder();
    let left = 50;
    const stream = client.request(get, sink);
    sink.drain = () => {
      while (left-- > 0) if (!stream.write(Buffer.alloc(1000, left))) return;
      stream.end();
    };
    sink.drain();
    await settle();
    expect(peer.received(1)).toHaveLength(50_000);
    expect(peer.of(frameType.data, 1).at(-1)?.flags).toBe(frameFlag.endStream);
  });
});

describe("receiving", () => {
  test("gives back the stream's window when the bytes are dealt with, a quarter at a time", async () => {
    const { peer, streams } = await openServer({ streamWindow: 100_000 });
    peer.send(frameType.settings, frameFlag.ack, 0);
    peer.sendRequest(1);
    for (let count = 0; count < 6; count++) peer.sendData(1, Buffer.alloc(10_000));
    await settle();
    const stream = streams[0]?.stream;
    expect(peer.of(frameType.windowUpdate, 1)).toEqual([]);
    stream?.consumed(24_999);
    await settle();
    expect(peer.of(frameType.windowUpdate, 1)).toEqual([]);
    stream?.consumed(5001);
    await settle();
    expect(peer.of(frameType.windowUpdate, 1).map(({ payload }) => payload.readUInt32BE(0))).toEqual([30_000]);
    for (let count = 0; count < 7; count++) peer.sendData(1, Buffer.alloc(10_000));
    await settle();
    expect(streams[0]?.sink.received).toHaveLength(130_000);
    peer.sendData(1, "x");
    await settle();
    expect(peer.resets(1)).toEqual([3]);
    expect(streams[0]?.sink.events.at(-1)).toBe("reset 3");
    expect(peer.goaway).toBeUndefined();
  });

  test("gives back padding by itself", async () => {
    const { peer, streams } = await openServer({ streamWindow: 65_535 });
    peer.sendRequest(1);
    for (let count = 0; count < 100; count++) {
      peer.send(frameType.data, frameFlag.padded, 1, Buffer.concat([Buffer.of(255), Buffer.alloc(256, "a")]));
    }
    await settle();
    expect(streams[0]?.sink.received).toHaveLength(100);
    const given = peer.of(frameType.windowUpdate, 1).map(({ payload }) => payload.readUInt32BE(0));
    expect(given).toEqual([16_384]);
  });

  test("gives back the connection's window at once", async () => {
    const { peer } = await openServer({ connectionWindow: 80_000, streamWindow: 100_000 });
    peer.sendRequest(1);
    for (let count = 0; count < 9; count++) peer.sendData(1, Buffer.alloc(10_000));
    await settle();
    const given = peer.of(frameType.windowUpdate, 0).map(({ payload }) => payload.readUInt32BE(0));
    expect(given).toEqual([80_000 - 65_535, 20_000, 20_000, 20_000, 20_000]);
    expect(peer.goaway).toBeUndefined();
  });

  test("a small window counts only when the peer knows it", async () => {
    const { peer, streams } = await openServer({ streamWindow: 10 });
    peer.sendRequest(1);
    peer.sendData(1, Buffer.alloc(1000));
    peer.send(frameType.settings, frameFlag.ack, 0);
    peer.sendRequest(3);
    peer.sendData(3, Buffer.alloc(11));
    await settle();
    expect(streams[0]?.sink.received).toHaveLength(1000);
    expect(peer.resets(3)).toEqual([3]);
  });
});
