import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectSocket, type SocketOptions, type SocketStream } from "../../src/rpc/socket-stream.ts";
import { type Recorder, record } from "./recorder.ts";

type Peer = Bun.Socket<undefined>;

interface Accepted {
  readonly stream: SocketStream;
  readonly peer: Peer;
  readonly received: () => number;
  readonly ended: Promise<void>;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A connected pair over a socket in the file system, or over a port. */
async function connect(kind: "unix" | "tcp", options: SocketOptions = {}): Promise<Accepted> {
  const accepted = Promise.withResolvers<Peer>();
  const ended = Promise.withResolvers<void>();
  let received = 0;
  const socket: Bun.SocketHandler<undefined> = {
    open: (peer) => accepted.resolve(peer),
    data: (_, bytes) => {
      received += bytes.length;
    },
    end: () => ended.resolve(),
    close: () => ended.resolve(),
  };
  const directory = mkdtempSync(join(tmpdir(), "luakit-socket-"));
  const unix = join(directory, "s.sock");
  const stream =
    kind === "unix"
      ? await listen(Bun.listen({ unix, allowHalfOpen: true, socket }), () => connectSocket({ unix }, options))
      : await listen(Bun.listen({ hostname: "127.0.0.1", port: 0, allowHalfOpen: true, socket }), ({ port }) =>
          connectSocket({ hostname: "127.0.0.1", port }, options),
        );
  cleanups.push(() => {
    stream.destroy();
    rmSync(directory, { recursive: true });
  });
  return { stream, peer: await accepted.promise, received: () => received, ended: ended.promise };
}

function listen<L extends { stop(force: boolean): void }>(
  listener: L,
  dial: (listener: L) => Promise<SocketStream>,
): Promise<SocketStream> {
  cleanups.push(() => listener.stop(true));
  return dial(listener);
}

describe.each(["unix", "tcp"] as const)("a socket over %s", (kind) => {
  test("delivers what comes, also before it is started", async () => {
    const { stream, peer } = await connect(kind);
    peer.write("early ");
    await Bun.sleep(20);
    const sink = record(stream);
    peer.write("late");
    await sink.until(() => sink.text === "early late");
  });

  test("much comes as it was sent, and its memory is free once it is delivered", async () => {
    const sent = Buffer.from(Array.from({ length: 4 * 1024 * 1024 }, (_, index) => (index * 31 + (index >> 8)) & 255));
    const hasher = new Bun.CryptoHasher("sha256");
    const large: Uint8Array[] = [];
    let received = 0;
    const { stream, peer } = await connect(kind);
    stream.start({
      data(bytes) {
        hasher.update(bytes);
        received += bytes.length;
        if (bytes.length >= 65_536) large.push(bytes);
      },
      drain: () => {},
      end: () => {},
      close: () => {},
    });
    for (let at = 0; at < sent.length; await Bun.sleep(1)) at += Math.max(0, peer.write(sent.subarray(at)));
    while (received < sent.length) await Bun.sleep(1);
    expect(hasher.digest("hex")).toBe(new Bun.CryptoHasher("sha256").update(sent).digest("hex"));
    expect(large.length).toBeGreaterThan(0);
    expect(large.map(({ length }) => length).filter((length) => length > 0)).toEqual([]);
  });

  test("a large write goes out whole, with false and a drain", async () => {
    const { stream, peer, received } = await connect(kind);
    const sink = record(stream);
    peer.pause();
    const size = 8 * 1024 * 1024;
    expect(stream.write(new Uint8Array(size))).toBe(false);
    expect(stream.write(new Uint8Array(10))).toBe(false);
    expect(sink.drains).toBe(0);
    peer.resume();
    await sink.until(() => sink.drains === 1);
    while (received() < size + 10) await Bun.sleep(1);
    expect(stream.write(new Uint8Array(1))).toBe(true);
  });

  test("memory is given back when the kernel has all of it, in order", async () => {
    const { stream, peer, received } = await connect(kind);
    record(stream);
    peer.pause();
    const size = 8 * 1024 * 1024;
    const given: string[] = [];
    stream.write(new Uint8Array(10), () => given.push("small"));
    expect(given).toEqual(["small"]);
    stream.write(new Uint8Array(size), () => given.push("large"));
    stream.write(new Uint8Array(10), () => given.push("last"));
    expect(given).toEqual(["small"]);
    peer.resume();
    while (received() < size + 20) await Bun.sleep(1);
    expect(given).toEqual(["small", "large", "last"]);
  });

  test("end comes behind what is queued, and leaves the other direction open", async () => {
    const { stream, peer, received, ended } = await connect(kind);
    const sink = record(stream);
    stream.write(new Uint8Array(3 * 1024 * 1024));
    stream.end();
    stream.end();
    stream.write(new Uint8Array(5));
    await ended;
    expect(received()).toBe(3 * 1024 * 1024);
    peer.write("answer");
    await sink.until(() => sink.text === "answer");
    peer.end();
    expect(await sink.closed).toBeUndefined();
    expect(sink.events).toEqual(["end", "close"]);
  });

  test("a peer that ends first can still be written to", async () => {
    const { stream, peer, received } = await connect(kind);
    const sink = record(stream);
    peer.shutdown();
    await sink.until(() => sink.events.length === 1);
    stream.write(new Uint8Array(7));
    stream.end();
    expect(await sink.closed).toBeUndefined();
    while (received() < 7) await Bun.sleep(1);
    expect(sink.events).toEqual(["end", "close"]);
  });

  test("pause stops delivery until resume", async () => {
    const { stream, peer } = await connect(kind);
    const sink = record(stream, false);
    peer.write("x");
    await sink.until(() => sink.total === 1);
    stream.pause();
    peer.write("y".repeat(1000));
    await Bun.sleep(30);
    expect(sink.total).toBe(1);
    stream.resume();
    await sink.until(() => sink.total === 1001);
  });

  test("destroy closes without an end, once", async () => {
    const { stream, ended } = await connect(kind);
    const sink = record(stream);
    stream.write(new Uint8Array(9));
    stream.destroy();
    stream.destroy();
    expect(stream.write(new Uint8Array(9))).toBe(true);
    expect(await sink.closed).toBeUndefined();
    await ended;
    expect(sink.events).toEqual(["close"]);
  });

  test("close before start is told on start", async () => {
    const { stream, peer } = await connect(kind);
    peer.end("bye");
    await Bun.sleep(20);
    stream.end();
    await Bun.sleep(20);
    const sink = record(stream);
    expect(await sink.closed).toBeUndefined();
    expect([sink.text, ...sink.events]).toEqual(["bye", "end", "close"]);
  });

  test("a reset is an error", async () => {
    const { stream, peer } = await connect(kind);
    const sink = record(stream);
    peer.pause();
    stream.write(new Uint8Array(4 * 1024 * 1024));
    await Bun.sleep(20);
    peer.terminate();
    expect(await sink.closed).toBeInstanceOf(Error);
    expect(sink.events).toEqual(["close"]);
  });
});

describe("a peer that is not what was expected", () => {
  test("is known by its first bytes", async () => {
    const wrong = new Error("no daemon");
    const seen: string[] = [];
    const options = {
      judgeFirst(bytes: Uint8Array) {
        seen.push(new TextDecoder().decode(bytes));
        return wrong;
      },
    };
    const { stream, peer } = await connect("unix", options);
    const sink: Recorder = record(stream);
    peer.write("HTTP/1.1 400");
    expect(await sink.closed).toBe(wrong);
    expect([sink.text, ...seen]).toEqual(["", "HTTP/1.1 400"]);
  });

  test("or by its having none", async () => {
    const wrong = new Error("silent");
    const { stream, peer } = await connect("unix", { silence: () => wrong });
    const sink = record(stream);
    peer.end();
    expect(await sink.closed).toBe(wrong);
    expect(sink.events).toEqual(["close"]);
  });

  test("but not after we ended", async () => {
    const { stream, peer } = await connect("unix", { silence: () => new Error("silent") });
    const sink = record(stream);
    stream.end();
    peer.end();
    expect(await sink.closed).toBeUndefined();
  });
});

test.each([
  [{ unix: "/nowhere/at/all.sock" }, "ENOENT"],
  [{ unix: "/etc/passwd" }, "ECONNREFUSED"],
  [{ unix: `/tmp/${"x".repeat(200)}` }, "EINVAL"],
  [{ hostname: "127.0.0.1", port: 1 }, "ECONNREFUSED"],
])("%p rejects with %s", async (target, code) => {
  const error = await connectSocket(target).catch((reason) => reason);
  expect(error).toHaveProperty("code", code);
});
