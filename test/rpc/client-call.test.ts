import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BytesMessage } from "../../src/gen/control.ts";
import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";
import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import { type Service, serve } from "../../src/rpc/server.ts";
import { connectSocket } from "../../src/rpc/socket-stream.ts";
import { tunnel } from "../../src/rpc/tunnel.ts";
import { bytePair } from "./byte-pair.ts";

setDefaultTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), "luakit-client-call-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Numbers that look random, the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

/** Sends back what it gets; stops reading now and then. */
const echo: Service = [
  [
    "/t.Test/Echo",
    (call) => {
      let count = 0;
      call.start({
        message(bytes) {
          if (!call.send(bytes)) call.pause();
          if (++count % 7 !== 0) return;
          call.pause();
          setTimeout(() => call.resume(), 1);
        },
        end: () => call.finish(),
        cancel() {},
        drain: () => call.resume(),
      });
    },
  ],
];

/** Sends messages of many sizes and compares what comes back; gives how many bytes that were. */
async function exercise(channel: Channel, seed: number, count: number): Promise<number> {
  const random = numbers(seed);
  const sizes = Array.from({ length: count }, () => {
    const scale = random.next().value % 20;
    return random.next().value % 2 ** scale;
  });
  const call = channel.open("/t.Test/Echo");
  const ended = Promise.withResolvers<number | undefined>();
  let received = 0;
  let drained = Promise.withResolvers<void>();
  call.start({
    message(bytes) {
      const index = received++;
      const expected = Buffer.alloc(sizes[index] ?? 0, (index * 31 + seed) % 256);
      if (!expected.equals(bytes)) ended.reject(new Error(`message ${index} of call ${seed}`));
      if (index % 11 !== 10) return;
      call.pause();
      setTimeout(() => call.resume(), 1);
    },
    end: (status) => ended.resolve(status?.code),
    cancel: ended.reject,
    drain: () => drained.resolve(),
  });
  for (const [index, size] of sizes.entries()) {
    const half = size >> 1;
    const fill = (index * 31 + seed) % 256;
    if (call.send(new Uint8Array(half).fill(fill), new Uint8Array(size - half).fill(fill))) continue;
    await drained.promise;
    drained = Promise.withResolvers<void>();
  }
  call.end();
  expect(await ended.promise).toBe(0);
  expect(received).toBe(count);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Both ends of a socket. */
async function socketPair(): Promise<[ByteStream, ByteStream]> {
  const unix = join(directory, "s.sock");
  const [near, far] = bytePair();
  const accepted = Promise.withResolvers<Bun.Socket<undefined>>();
  let drain: (() => void) | undefined;
  const listener = Bun.listen({
    unix,
    allowHalfOpen: true,
    socket: {
      binaryType: "uint8array",
      open: (socket) => accepted.resolve(socket),
      data: (socket, bytes) => {
        if (!near.write(bytes)) socket.pause();
      },
      drain: () => drain?.(),
      end: () => near.end(),
      close: () => near.destroy(),
    },
  });
  const client = await connectSocket({ unix });
  const socket = await accepted.promise;
  listener.stop();
  const queue: Uint8Array[] = [];
  const flush = () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const written = socket.write(next);
      if (written === next.length) continue;
      queue.unshift(next.subarray(Math.max(0, written)));
      near.pause();
      return;
    }
    near.resume();
  };
  drain = flush;
  const sink: ByteSink = {
    data(bytes) {
      queue.push(new Uint8Array(bytes));
      flush();
    },
    drain: () => socket.resume(),
    end: () => socket.shutdown(),
    close: () => socket.end(),
  };
  near.start(sink);
  return [client, far];
}

test("many calls of many sizes over a socket, with stops on both sides", async () => {
  const [near, far] = await socketPair();
  const server = serve(far, [echo]);
  const channel = openChannel(near);
  const sums = await Promise.all(Array.from({ length: 20 }, (_, seed) => exercise(channel, seed, 60)));
  expect(sums.every((sum) => sum > 100_000)).toBe(true);
  channel.close();
  expect(await channel.closed).toBeUndefined();
  expect(await server.closed).toBeUndefined();
});

test("the same through a call, in the other direction", async () => {
  const [near, far] = await socketPair();
  const [inner, bridge] = bytePair();
  serve(far, [
    [
      [
        "/t.Test/Tunnel",
        (call) => {
          call.start({
            message: (bytes) => {
              if (!bridge.write(BytesMessage.decode(bytes).data)) call.pause();
            },
            end: () => bridge.end(),
            cancel: () => bridge.destroy(),
            drain: () => bridge.resume(),
          });
          bridge.start({
            data: (bytes) => {
              if (!call.send(BytesMessage.encode({ data: new Uint8Array(bytes) }))) bridge.pause();
            },
            drain: () => call.resume(),
            end: () => call.finish(),
            close() {},
          });
        },
      ],
    ],
  ]);
  const channel = openChannel(near);
  const server = serve(tunnel(channel.open("/t.Test/Tunnel")), [echo]);
  const daemon = openChannel(inner);
  await Promise.all(Array.from({ length: 20 }, (_, seed) => exercise(daemon, seed, 60)));
  daemon.close();
  expect(await server.closed).toBeUndefined();
  channel.close();
  expect(await channel.closed).toBeUndefined();
});
