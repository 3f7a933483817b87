import { describe, expect, test } from "bun:test";
import { BytesMessage } from "../../src/gen/control.ts";
import { Health } from "../../src/gen/health.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import type { ServerCall } from "../../src/rpc/message-stream.ts";
import { serve, unary } from "../../src/rpc/server.ts";
import { makeStatus } from "../../src/rpc/status.ts";
import { tunnel } from "../../src/rpc/tunnel.ts";
import { bytePair } from "./byte-pair.ts";
import { record } from "./recorder.ts";

const path = "/moby.buildkit.v1.Control/Session";

/** A tunnel, and the daemon's side of its call. */
async function open() {
  const [client, server] = bytePair();
  const came = Promise.withResolvers<ServerCall>();
  serve(server, [[[path, came.resolve]]]);
  const channel = openChannel(client);
  const stream = tunnel(channel.open(path));
  return { stream, call: await came.promise, channel };
}

describe("a tunnel", () => {
  test("sends writes of any size as messages of at most 32 KiB, and gives their memory back", async () => {
    const { stream, call } = await open();
    record(stream);
    const got: Uint8Array[] = [];
    const ended = Promise.withResolvers<void>();
    call.start({
      message: (bytes) => got.push(BytesMessage.decode(bytes).data),
      end: () => ended.resolve(),
      cancel() {},
    });
    const sizes = [1, 127, 128, 16_383, 16_384, 300_000, 2_097_152];
    for (const size of sizes) {
      const bytes = new Uint8Array(size).fill(size % 251);
      stream.write(bytes, () => bytes.fill(255));
    }
    stream.end();
    await ended.promise;
    expect(Math.max(...got.map((bytes) => BytesMessage.encode({ data: bytes }).length))).toBe(32_768);
    expect(got.filter(({ length }) => length < 32_000).map(({ length }) => length)).toEqual([
      ...sizes.slice(0, 5),
      300_000 % 32_764,
      2_097_152 % 32_764,
    ]);
    const expected = Buffer.concat(sizes.map((size) => new Uint8Array(size).fill(size % 251)));
    expect(Buffer.concat(got).equals(expected)).toBe(true);
  });

  test("delivers the data of messages, also where protobuf has it otherwise", async () => {
    const { stream, call } = await open();
    const sink = record(stream);
    call.start({ message() {}, end() {}, cancel() {} });
    call.send(BytesMessage.encode({ data: new TextEncoder().encode("one ") }));
    call.send(new Uint8Array());
    // A field that nobody knows, then the data; and a length of more bytes than it needs.
    call.send(Uint8Array.of(0x12, 1, 0, 0x0a, 2), new TextEncoder().encode("tw"));
    call.send(Uint8Array.of(0x0a, 0x82, 0), new TextEncoder().encode("o "));
    call.finish();
    await sink.closed;
    expect(sink.text).toBe("one two ");
    expect(sink.events).toEqual(["end", "close"]);
  });

  test("a call that fails closes it with the reason", async () => {
    const { stream, call } = await open();
    const sink = record(stream);
    call.finish(makeStatus(14, "session exists"));
    expect((await sink.closed)?.message).toBe("session exists");
    expect(sink.events).toEqual(["close"]);
  });

  test("destroy cancels the call", async () => {
    const { stream, call } = await open();
    const sink = record(stream);
    const cancelled = Promise.withResolvers<string>();
    call.start({ message() {}, end() {}, cancel: (error) => cancelled.resolve(error.code) });
    stream.destroy();
    expect(await cancelled.promise).toBe("rpc.cancelled");
    expect(await sink.closed).toBeUndefined();
  });

  test("holds the peer back while it is paused, and us while the peer does not read", async () => {
    const { stream, call } = await open();
    const sink = record(stream, false);
    stream.pause();
    let sent = 0;
    const drained = Promise.withResolvers<void>();
    call.start({ message() {}, end() {}, cancel() {}, drain: drained.resolve });
    while (call.send(BytesMessage.encode({ data: new Uint8Array(1024 * 1024) })) || sent < 32) {
      sent++;
      await Bun.sleep(0);
      if (sent > 200) break;
    }
    expect(sent).toBeLessThan(200);
    expect(sink.total).toBe(0);
    stream.resume();
    await drained.promise;
    await sink.until(() => sink.total >= (sent + 1) * 1024 * 1024);

    call.pause();
    let writes = 0;
    while (stream.write(new Uint8Array(1024 * 1024)) || writes < 32) {
      writes++;
      await Bun.sleep(0);
      if (writes > 200) break;
    }
    expect(writes).toBeLessThan(200);
    await Bun.sleep(20);
    const { drains } = sink;
    call.resume();
    await sink.until(() => sink.drains > drains);
  });

  test("carries gRPC in the other direction, as the session does", async () => {
    const { stream, call } = await open();
    const server = serve(stream, [[unary(Health.Check, () => ({ status: 1 }))]]);
    const [inner, far] = bytePair();
    call.start({
      message: (bytes) => far.write(BytesMessage.decode(bytes).data),
      end: () => far.end(),
      cancel: () => far.destroy(),
    });
    far.start({
      data: (bytes) => call.send(BytesMessage.encode({ data: new Uint8Array(bytes) })),
      drain() {},
      end: () => call.finish(),
      close() {},
    });
    const daemon = openChannel(inner);
    const answers = await Promise.all(Array.from({ length: 50 }, () => daemon.unary(Health.Check, {})));
    expect(answers.every(({ status }) => status === 1)).toBe(true);
    daemon.close();
    expect(await server.closed).toBeUndefined();
  });
});
