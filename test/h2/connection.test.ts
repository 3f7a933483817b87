import { describe, expect, test } from "bun:test";
import { openConnection } from "../../src/h2/connection.ts";
import { frameFlag, frameType } from "../../src/h2/frame.ts";
import { ConnectionError } from "../../src/h2/http2-error.ts";
import { get, ok, openClient, openServer } from "./client-and-peer.ts";
import { uint32 } from "./frames.ts";
import { openPair } from "./pair.ts";
import { RawPeer, settle } from "./raw-peer.ts";
import { Recorder } from "./recorder.ts";

const nothing = new Uint8Array(0);

describe("the start", () => {
  test("a client sends preface, settings, window and first request in one write", async () => {
    const writes: number[] = [];
    const { left, right } = openPair({ onWrite: (side) => side === "left" && writes.push(0) });
    const client = openConnection(left, { role: "client" });
    const peer = new RawPeer(right, "server");
    client.request(get, new Recorder()).end();
    await settle();
    const { settings, windowUpdate, headers, data } = frameType;
    expect(peer.frames.map(({ type }) => type)).toEqual([settings, windowUpdate, headers, data]);
    expect(writes).toHaveLength(1);
    // ENABLE_PUSH 0, INITIAL_WINDOW_SIZE 16 MiB, MAX_HEADER_LIST_SIZE 8 MiB.
    expect(peer.frames[0]?.payload.toString("hex")).toBe("000200000000000401000000000600800000");
    expect(peer.frames[1]?.payload.readUInt32BE(0)).toBe(64 * 1024 * 1024 - 65_535);
    client.destroy();
  });

  test("a server sends settings without waiting", async () => {
    const { left, right } = openPair();
    openConnection(right, { role: "server", maxStreams: 7 });
    const peer = new RawPeer(left, "mute");
    await settle();
    expect(peer.frames[0]?.payload.toString("hex")).toBe("000300000007000401000000000600800000");
  });

  test("settings are acknowledged once each", async () => {
    const { peer } = await openClient();
    peer.sendSettings([3, 10]);
    await settle();
    const acknowledged = peer.of(frameType.settings).filter(({ flags }) => flags === frameFlag.ack);
    expect(acknowledged).toHaveLength(2);
  });

  test("a client that says something else gets GOAWAY", async () => {
    const { left, right } = openPair();
    const server = openConnection(right, { role: "server" });
    const peer = new RawPeer(left, "mute");
    peer.sendBytes(Buffer.from("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    await settle();
    expect(peer.goaway?.code).toBe(1);
    expect(await server.closed).toBeInstanceOf(ConnectionError);
  });

  test("the first frame must be SETTINGS", async () => {
    const { left, right } = openPair();
    const client = openConnection(left, { role: "client" });
    const peer = new RawPeer(right, "server");
    peer.send(frameType.ping, 0, 0, Buffer.alloc(8));
    await settle();
    expect(peer.goaway).toMatchObject({ code: 1, text: "no SETTINGS first" });
    expect((await client.closed)?.message).toBe("no SETTINGS first");
  });
});

describe("ping", () => {
  test("is answered with the same bytes", async () => {
    const { peer } = await openClient();
    peer.send(frameType.ping, 0, 0, Buffer.from("12345678"));
    await settle();
    const [answer] = peer.of(frameType.ping);
    expect([answer?.flags, answer?.payload.toString()]).toEqual([frameFlag.ack, "12345678"]);
  });

  test("resolves with the answer", async () => {
    const { client, peer } = await openClient();
    let answered = 0;
    for (let count = 0; count < 2; count++) client.ping().then(() => answered++);
    await settle();
    expect(peer.of(frameType.ping)).toHaveLength(2);
    peer.send(frameType.ping, frameFlag.ack, 0, Buffer.alloc(8));
    await settle();
    expect(answered).toBe(1);
  });

  test("rejects when the connection goes, or is gone", async () => {
    const { client } = await openClient();
    const ping = client.ping();
    client.destroy(new Error("enough"));
    expect(ping).rejects.toThrow("enough");
    expect(client.ping()).rejects.toThrow("enough");
  });
});

describe("close", () => {
  test("without streams ends at once", async () => {
    const { client, peer } = await openClient();
    client.close();
    await settle();
    expect(peer.goaway).toEqual({ lastId: 0, code: 0, text: "" });
    expect(peer.hasEnded).toBe(true);
    expect(await client.closed).toBeUndefined();
  });

  test("finishes the streams that are open and begins no others", async () => {
    const { server, peer, streams } = await openServer();
    peer.sendRequest(1);
    await settle();
    server.close();
    peer.sendRequest(3, frameFlag.endStream);
    peer.sendData(3, "ignored", frameFlag.endStream);
    peer.sendReset(3, 8);
    peer.sendWindow(3, 8);
    await settle();
    expect(peer.goaway).toMatchObject({ lastId: 1, code: 0 });
    expect(streams).toHaveLength(1);
    expect(peer.hasEnded).toBe(false);
    peer.sendData(1, "more", frameFlag.endStream);
    streams[0]?.stream.sendHeaders(ok);
    streams[0]?.stream.end();
    await settle();
    expect(streams[0]?.sink.events).toEqual(["data more", "end"]);
    expect(peer.of(frameType.data, 1)[0]?.flags).toBe(frameFlag.endStream);
    expect(peer.hasEnded).toBe(true);
    expect(await server.closed).toBeUndefined();
  });

  test("refuses requests that come later", async () => {
    const { client, peer } = await openClient();
    const first = new Recorder();
    client.request(get, first);
    client.close();
    const late = new Recorder();
    const stream = client.request(get, late);
    stream.write(Buffer.from("x"));
    await settle();
    expect(late.events).toEqual(["reset 7"]);
    expect(late.error).toBeInstanceOf(ConnectionError);
    peer.sendHeaders(1, ok, frameFlag.endStream);
    await settle();
    expect(first.events).toEqual(["headers :status=200 end"]);
    expect(peer.of(frameType.headers)).toHaveLength(1);
  });
});

describe("the peer's GOAWAY", () => {
  test("fails the streams that it has not looked at, and lets the others finish", async () => {
    const { client, peer } = await openClient();
    const sinks = [new Recorder(), new Recorder()];
    for (const sink of sinks) client.request(get, sink).end();
    await settle();
    peer.send(frameType.goaway, 0, 0, Buffer.concat([uint32(1, 0), Buffer.from("bye")]));
    await settle();
    expect(sinks[1]?.events).toEqual(["reset 7"]);
    expect(sinks[1]?.error?.message).toBe("the peer ends the connection: NO_ERROR (bye)");
    peer.sendHeaders(1, ok, frameFlag.endStream);
    await settle();
    expect(sinks[0]?.events).toEqual(["headers :status=200 end"]);
    expect(peer.hasEnded).toBe(true);
    expect(await client.closed).toBeUndefined();
  });

  test("with an error is the connection's error", async () => {
    const { client, peer } = await openClient();
    peer.send(frameType.goaway, 0, 0, Buffer.concat([uint32(0, 11), Buffer.from("too_many_pings")]));
    expect(await client.closed).toMatchObject({ code: 11, message: expect.stringContaining("too_many_pings") });
  });
});

describe("the end of the byte stream", () => {
  test("without streams is clean", async () => {
    const { left, right } = openPair();
    const server = openConnection(left, { role: "server" });
    right.start({ data: () => {}, drain: () => {}, end: () => right.end(), close: () => {} });
    right.end();
    expect(await server.closed).toBeUndefined();
  });

  test("fails open streams", async () => {
    const { left, right } = openPair();
    const client = openConnection(left, { role: "client" });
    const sink = new Recorder();
    client.request(get, sink);
    right.start({ data: () => {}, drain: () => {}, end: () => {}, close: () => {} });
    right.end();
    await settle();
    expect(sink.events).toEqual(["reset 2"]);
    expect(await client.closed).toBe(sink.error);
    expect(sink.error).toBeInstanceOf(ConnectionError);
  });

  test("with an error says which", async () => {
    const { left } = openPair();
    const client = openConnection(left, { role: "client" });
    left.close(new Error("broken pipe"));
    expect((await client.closed)?.message).toBe("the connection broke: broken pipe");
  });
});

describe("destroy", () => {
  test("fails every stream with the error that it was given", async () => {
    const { client, peer } = await openClient();
    const sink = new Recorder();
    const stream = client.request(get, sink);
    await settle();
    client.destroy(new Error("enough"));
    stream.write(nothing);
    expect(sink.events).toEqual(["reset 2"]);
    expect(sink.error?.message).toBe("enough");
    expect((await client.closed)?.message).toBe("enough");
    await settle();
    expect(peer.hasEnded).toBe(true);
  });

  test("twice is once", async () => {
    const { client } = await openClient();
    client.destroy();
    client.destroy(new Error("late"));
    expect(await client.closed).toBeUndefined();
  });
});

test("a sink that throws ends the connection, and the error is not lost", async () => {
  const { client, peer } = await openClient();
  const sink = new Recorder();
  sink.headers = () => {
    throw new TypeError("a bug");
  };
  client.request(get, sink);
  await settle();
  peer.sendHeaders(1, ok);
  const error = await client.closed;
  expect([error?.message, error?.cause]).toEqual(["a bug", expect.any(TypeError)]);
  expect(peer.goaway).toMatchObject({ code: 2, text: "" });
});
