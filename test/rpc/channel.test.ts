import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { Control, StatusResponse } from "../../src/gen/control.ts";
import { type HeaderList, openConnection, type Stream } from "../../src/h2/connection.ts";
import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import { messageHead } from "../../src/rpc/framing.ts";
import type { MessageReceiver } from "../../src/rpc/message-stream.ts";
import { type Service, serve, unary } from "../../src/rpc/server.ts";
import { makeStatus, rpcError, statusOf } from "../../src/rpc/status.ts";
import { bytePair, type MemoryStream } from "./byte-pair.ts";

interface Connected {
  readonly channel: Channel;
  readonly client: MemoryStream;
  readonly server: MemoryStream;
}

/** A channel to a server in memory. */
function connect(...services: Service[]): Connected {
  const [client, server] = bytePair();
  serve(server, services);
  return { channel: openChannel(client, { authority: "b.example", userAgent: "luakit/1" }), client, server };
}

/** A channel to a bare HTTP/2 server. */
function connectRaw(answer: (stream: Stream, headers: HeaderList) => void): Channel {
  const [client, server] = bytePair();
  openConnection(server, {
    role: "server",
    onStream(stream, headers) {
      queueMicrotask(() => answer(stream, headers));
      return { headers() {}, data: (bytes) => stream.consumed(bytes.length), end() {}, reset() {}, drain() {} };
    },
  });
  return openChannel(client);
}

function workers(count: number) {
  return unary(Control.ListWorkers, () => ({ record: Array.from({ length: count }, (_, i) => ({ ID: `w${i}` })) }));
}

describe("unary", () => {
  test("gives the response", async () => {
    const { channel } = connect([workers(2)]);
    const { record } = await channel.unary(Control.ListWorkers, {});
    expect(record.map(({ ID }) => ID)).toEqual(["w0", "w1"]);
  });

  test("a response larger than windows and frames comes whole", async () => {
    const { channel } = connect([workers(100_000)]);
    expect((await channel.unary(Control.ListWorkers, {})).record.at(-1)?.ID).toBe("w99999");
  });

  test("many at a time", async () => {
    const { channel } = connect([unary(Control.ListWorkers, ({ filter }) => ({ record: [{ ID: filter[0] ?? "" }] }))]);
    const names = Array.from({ length: 500 }, (_, i) => `call ${i}`);
    const calls = names.map((name) => channel.unary(Control.ListWorkers, { filter: [name] }));
    expect((await Promise.all(calls)).map(({ record }) => record[0]?.ID ?? "")).toEqual(names);
  });

  test("sends what gRPC wants, and the metadata in its order", async () => {
    const headers = Promise.withResolvers<HeaderList>();
    const channel = connectRaw((_, list) => headers.resolve(list));
    channel
      .unary(
        Control.Info,
        {},
        {
          metadata: [
            ["x-a", "1"],
            ["x-b", "2"],
            ["x-a", "3"],
          ],
        },
      )
      .catch(() => undefined);
    expect(await headers.promise).toEqual([
      [":method", "POST"],
      [":scheme", "http"],
      [":path", "/moby.buildkit.v1.Control/Info"],
      [":authority", "localhost"],
      ["content-type", "application/grpc"],
      ["user-agent", "luakit"],
      ["te", "trailers"],
      ["x-a", "1"],
      ["x-b", "2"],
      ["x-a", "3"],
    ]);
    channel.destroy();
  });

  test("a status other than OK is an error with it", async () => {
    const details = [{ type: "t/x", value: Uint8Array.of(1, 2) }];
    const fail = () => {
      throw rpcError({ code: 5, message: "nö", details });
    };
    const { channel } = connect([unary(Control.Info, fail)]);
    const error = await caught(channel.unary(Control.Info, {}));
    expect([error.code as string, error.message]).toEqual(["rpc.not-found", "nö"]);
    expect(statusOf(error)).toEqual({ code: 5, message: "nö", details });
  });

  test("what the server does not serve is unimplemented", async () => {
    const { channel } = connect();
    const error = await caught(channel.unary(Control.Info, {}));
    expect(error.code as string).toBe("rpc.unimplemented");
    expect(error.message).toContain("/moby.buildkit.v1.Control/Info");
  });

  test("trailers only, with a response missing", async () => {
    const channel = connectRaw((stream) =>
      stream.sendHeaders(
        [
          [":status", "200"],
          ["grpc-status", "0"],
        ],
        true,
      ),
    );
    expect((await caught(channel.unary(Control.Info, {}))).message).toBe("the call ended without a response");
  });

  test("an answer that is no gRPC", async () => {
    const channel = connectRaw((stream) => {
      stream.sendHeaders([
        [":status", "503"],
        ["content-type", "text/html"],
      ]);
      stream.write(new TextEncoder().encode("<html>so sorry</html>"));
      stream.end();
    });
    const error = await caught(channel.unary(Control.Info, {}));
    expect([error.code as string, error.message]).toEqual([
      "rpc.unavailable",
      "the server answered with HTTP status 503",
    ]);
  });

  test("a response that is no message", async () => {
    const channel = connectRaw((stream) => {
      stream.sendHeaders([[":status", "200"]]);
      stream.write(messageHead(2), Uint8Array.of(0xff, 0xff));
      stream.sendHeaders([["grpc-status", "0"]], true);
    });
    const error = await caught(channel.unary(Control.Info, {}));
    expect(error.message).toContain("the answer to /moby.buildkit.v1.Control/Info is malformed");
  });

  test("a stream that ends without trailers", async () => {
    const channel = connectRaw((stream) => {
      stream.sendHeaders([[":status", "200"]]);
      stream.end();
    });
    expect((await caught(channel.unary(Control.Info, {}))).message).toBe("the call ended without a status");
  });

  test.each([
    [7, "rpc.unavailable"],
    [8, "rpc.cancelled"],
    [11, "rpc.resource-exhausted"],
    [12, "rpc.permission-denied"],
    [2, "rpc.internal"],
  ])("RST_STREAM with code %d is %s", async (code, name) => {
    const channel = connectRaw((stream) => stream.reset(code));
    expect((await caught(channel.unary(Control.Info, {}))).code as string).toBe(name);
  });

  test("a request above 16 MiB is refused before it is sent", async () => {
    const { channel } = connect([workers(1)]);
    const error = await caught(channel.unary(Control.ListWorkers, { filter: ["x".repeat(17 * 1024 * 1024)] }));
    expect(error.code as string).toBe("rpc.resource-exhausted");
    expect((await channel.unary(Control.ListWorkers, {})).record).toHaveLength(1);
  });

  test("an abort cancels the call at both ends and rejects with the signal's reason", async () => {
    const aborted = Promise.withResolvers<void>();
    const slow = unary(Control.Info, (_, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      return new Promise<never>(() => undefined);
    });
    const { channel } = connect([slow]);
    const controller = new AbortController();
    const call = channel.unary(Control.Info, {}, { signal: controller.signal });
    await Bun.sleep(5);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await call.catch((error) => error)).toBe(reason);
    await aborted.promise;
  });

  test("an aborted signal sends nothing", async () => {
    const { channel, client } = connect([workers(1)]);
    await channel.unary(Control.ListWorkers, {});
    const { written } = client;
    const reason = new Error("enough");
    const call = channel.unary(Control.ListWorkers, {}, { signal: AbortSignal.abort(reason) });
    expect(await call.catch((error) => error)).toBe(reason);
    await Bun.sleep(2);
    expect(client.written).toBe(written);
  });
});

describe("a connection", () => {
  test("that breaks fails its calls with daemon.gone", async () => {
    const { channel, client } = connect([unary(Control.Info, () => new Promise<never>(() => undefined))]);
    const call = channel.unary(Control.Info, {});
    await Bun.sleep(2);
    client.fail(new Error("connection reset by peer"));
    const error = await caught(call);
    expect([error.code as string, error.message]).toEqual([
      "daemon.gone",
      "the connection to the daemon broke: the connection broke: connection reset by peer",
    ]);
    expect((await channel.closed)?.code).toBe("daemon.gone");
    expect((await caught(channel.unary(Control.Info, {}))).code).toBe("daemon.gone");
  });

  test("whose stream knows better keeps its error", async () => {
    const { channel, client } = connect([workers(1)]);
    const call = channel.unary(Control.ListWorkers, {});
    const known = new LuakitError("daemon.unreachable", "no such container");
    client.fail(known);
    expect(await caught(call)).toBe(known);
    expect(await channel.closed).toBe(known);
  });

  test("that the daemon closes is gone, one that we close is not", async () => {
    const first = connect([workers(1)]);
    first.server.end();
    expect((await first.channel.closed)?.message).toContain("the daemon closed it");
    const second = connect([workers(1)]);
    await second.channel.unary(Control.ListWorkers, {});
    second.channel.close();
    expect(await second.channel.closed).toBeUndefined();
  });

  test("that we close lets open calls finish", async () => {
    const release = Promise.withResolvers<void>();
    const { channel } = connect([unary(Control.Info, () => release.promise.then(() => ({})))]);
    const call = channel.unary(Control.Info, {});
    await Bun.sleep(2);
    channel.close();
    release.resolve();
    expect(await call).toBeDefined();
    expect(await channel.closed).toBeUndefined();
  });
});

describe("stream", () => {
  const logs = (count: number, size = 1): Service => [
    [
      Control.Status.path,
      (call) => {
        const message = StatusResponse.encode({ logs: [{ msg: new Uint8Array(size) }] });
        let sent = 0;
        const more = () => {
          while (sent < count) {
            sent++;
            if (!call.send(message.slice())) return;
          }
          call.finish();
        };
        call.start({ message() {}, end: more, cancel() {}, drain: more });
      },
    ],
  ];

  test("gives every message, then ends", async () => {
    const { channel } = connect(logs(1000));
    let count = 0;
    for await (const {
      logs: [log],
    } of channel.stream(Control.Status, { Ref: "r" }))
      count += log?.msg.length ?? 0;
    expect(count).toBe(1000);
  });

  test("a slow loop stops the peer", async () => {
    const { channel, client } = connect(logs(2000, 64 * 1024));
    let count = 0;
    for await (const _ of channel.stream(Control.Status, {})) {
      count++;
      if (count === 10) await Bun.sleep(50);
      if (count === 11) expect(client.delivered).toBeLessThan(50 * 1024 * 1024);
    }
    expect(count).toBe(2000);
  });

  test("leaving the loop cancels the call", async () => {
    const cancelled = Promise.withResolvers<string>();
    const endless: Service = [
      [
        Control.Status.path,
        (call) => {
          call.start({ message() {}, end() {}, cancel: (error) => cancelled.resolve(error.code) });
          call.send(new Uint8Array());
        },
      ],
    ];
    const { channel } = connect(endless);
    for await (const _ of channel.stream(Control.Status, {})) break;
    expect(await cancelled.promise).toBe("rpc.cancelled");
  });

  test("throws behind its last message when the call fails", async () => {
    const failing: Service = [
      [
        Control.Status.path,
        (call) => {
          call.start({ message() {}, end() {}, cancel() {} });
          call.send(new Uint8Array());
          call.finish(makeStatus(14, "going down"));
        },
      ],
    ];
    const { channel } = connect(failing);
    let count = 0;
    const loop = async () => {
      for await (const _ of channel.stream(Control.Status, {})) count++;
    };
    const error = await caught(loop());
    expect([count, error.code as string, error.message]).toEqual([1, "rpc.unavailable", "going down"]);
  });

  test("an abort ends it with the signal's reason", async () => {
    const { channel } = connect([[Control.Status.path, (call) => call.start({ message() {}, end() {}, cancel() {} })]]);
    const controller = new AbortController();
    const next = channel.stream(Control.Status, {}, { signal: controller.signal })[Symbol.asyncIterator]().next();
    await Bun.sleep(2);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await next.catch((error) => error)).toBe(reason);
  });

  test("tells the response's metadata", async () => {
    const headers = Promise.withResolvers<HeaderList>();
    const channel = connectRaw((stream) => {
      stream.sendHeaders([
        [":status", "200"],
        ["x-a", "1"],
        ["x-a", "2"],
      ]);
      stream.sendHeaders([["grpc-status", "0"]], true);
    });
    for await (const _ of channel.stream(Control.Status, {}, { onHeaders: (list) => headers.resolve(list) })) break;
    expect(await headers.promise).toEqual([
      ["x-a", "1"],
      ["x-a", "2"],
    ]);
  });
});

describe("open", () => {
  const echo: Service = [
    [
      "/e.Echo/Both",
      (call) => call.start({ message: (bytes) => call.send(bytes), end: () => call.finish(), cancel() {} }),
    ],
  ];

  test("carries messages both ways until we end", async () => {
    const { channel } = connect(echo);
    const call = channel.open("/e.Echo/Both");
    const got: string[] = [];
    const ended = collect(call, got);
    call.send(new TextEncoder().encode("one"));
    call.send(new TextEncoder().encode("t"), new Uint8Array(), new TextEncoder().encode("wo"));
    call.send();
    call.end();
    call.send(new TextEncoder().encode("late"));
    expect(await ended).toBe("end 0");
    expect(got).toEqual(["one", "two", ""]);
    expect((await call.status).code).toBe(0);
    expect(await call.headers).toContainEqual(["content-type", "application/grpc"]);
  });

  test("the peer can end the call while we still could send", async () => {
    const { channel } = connect([["/e.Echo/No", (call) => call.finish(makeStatus(7, "no"))]]);
    const call = channel.open("/e.Echo/No");
    expect(await collect(call, [])).toBe("end 7");
    expect(call.send(new Uint8Array(9))).toBe(true);
    expect(await call.status).toEqual(makeStatus(7, "no"));
    call.cancel();
    call.end();
  });

  test("cancel is heard at both ends, once", async () => {
    const heard = Promise.withResolvers<string>();
    const { channel } = connect([
      ["/e.Echo/Wait", (call) => call.start({ message() {}, end() {}, cancel: (error) => heard.resolve(error.code) })],
    ]);
    const call = channel.open("/e.Echo/Wait");
    const ended = collect(call, []);
    await Bun.sleep(2);
    call.cancel();
    call.cancel();
    expect(await ended).toBe("cancel rpc.cancelled");
    expect((await call.status).code).toBe(1);
    expect(await heard.promise).toBe("rpc.cancelled");
  });

  test("send says when to wait, and drain when to go on", async () => {
    const release = Promise.withResolvers<void>();
    let received = 0;
    const { channel } = connect([
      [
        "/e.Echo/Slow",
        (call) => {
          call.pause();
          release.promise.then(() => call.resume());
          call.start({
            message: (bytes) => {
              received += bytes.length;
            },
            end: () => call.finish(),
            cancel() {},
          });
        },
      ],
    ]);
    const call = channel.open("/e.Echo/Slow");
    const drained = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    call.start({ message() {}, end: () => ended.resolve(), cancel() {}, drain: () => drained.resolve() });
    let sent = 0;
    const limit = 64 * 1024 * 1024;
    // The window is 16 MiB, so a peer that does not read stops us not far above it.
    for (let waits = 0; sent < limit && waits < 20; ) {
      sent += 1024 * 1024;
      if (call.send(new Uint8Array(1024 * 1024))) continue;
      waits++;
      await Bun.sleep(1);
    }
    expect(sent).toBeLessThan(limit);
    release.resolve();
    await drained.promise;
    call.end();
    await ended.promise;
    expect(received).toBe(sent);
  });
});

function collect(call: { start(receiver: MessageReceiver): void }, into: string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  call.start({
    message: (bytes) => into.push(new TextDecoder().decode(bytes)),
    end: (status) => resolve(`end ${status?.code}`),
    cancel: (error) => resolve(`cancel ${error.code}`),
  });
  return promise;
}

async function caught(promise: Promise<unknown>): Promise<LuakitError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof LuakitError) return error;
  throw new Error(`no LuakitError, but ${error}`);
}
