import { describe, expect, test } from "bun:test";
import { Health } from "../../src/gen/health.ts";
import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import { type Handler, lateService, type Server, type Service, serve, unary } from "../../src/rpc/server.ts";
import { makeStatus, okStatus, type Status } from "../../src/rpc/status.ts";
import { bytePair, type MemoryStream } from "./byte-pair.ts";

const path = "/t.Test/Call";

function connect(...services: Service[]): { channel: Channel; server: Server; client: MemoryStream } {
  const [client, bytes] = bytePair();
  const server = serve(bytes, services);
  return { channel: openChannel(client), server, client };
}

/** The status that a call of `handler` ends with, after one empty message and a half close. */
async function statusFrom(handler: Handler): Promise<Status> {
  const call = connect([[path, handler]]).channel.open(path);
  call.start({ message() {}, end() {}, cancel() {} });
  call.send();
  call.end();
  return call.status;
}

describe("serve", () => {
  test("matches paths whatever their case", async () => {
    const { channel } = connect([["/A.b/C", (call) => call.finish()]]);
    const call = channel.open("/a.B/c");
    call.start({ message() {}, end() {}, cancel() {} });
    expect(await call.status).toEqual(okStatus);
  });

  test("gives a handler the path and the metadata in its order", async () => {
    const { channel } = connect([
      [
        path,
        (call) =>
          call.finish(
            makeStatus(2, JSON.stringify([call.path, call.metadata.filter(([name]) => name.startsWith("x-"))])),
          ),
      ],
    ]);
    const metadata = [
      ["x-b", "1"],
      ["x-a", "2"],
      ["x-b", "3"],
    ] as const;
    const call = channel.open(path, { metadata });
    call.start({ message() {}, end() {}, cancel() {} });
    expect(JSON.parse((await call.status).message)).toEqual([path, metadata as never]);
  });

  test("a handler that throws is answered with what it threw", async () => {
    const throwing = (): never => {
      throw new Error("oh no");
    };
    expect(await statusFrom(throwing)).toEqual(makeStatus(2, "oh no"));
  });

  test("only the first finish counts, and nothing is sent behind it", async () => {
    const status = await statusFrom((call) => {
      call.finish(makeStatus(5, "first"));
      call.finish();
      expect(call.send(new Uint8Array(3))).toBe(true);
    });
    expect(status).toEqual(makeStatus(5, "first"));
  });

  test("a client that half-closed can still cancel", async () => {
    const events: string[] = [];
    const cancelled = Promise.withResolvers<void>();
    const { channel } = connect([
      [
        path,
        (call) =>
          call.start({
            message: () => events.push("message"),
            end: () => events.push("end"),
            cancel(error) {
              events.push(error.code);
              cancelled.resolve();
            },
          }),
      ],
    ]);
    const call = channel.open(path);
    call.start({ message() {}, end() {}, cancel() {} });
    call.send();
    call.end();
    await Bun.sleep(2);
    call.cancel();
    await cancelled.promise;
    expect(events).toEqual(["message", "end", "rpc.cancelled"]);
  });

  test("a lost connection cancels what is open, and closed says why", async () => {
    const cancelled = Promise.withResolvers<string>();
    const [client, bytes] = bytePair();
    const server = serve(bytes, [
      [[path, (call) => call.start({ message() {}, end() {}, cancel: (error) => cancelled.resolve(error.code) })]],
    ]);
    const call = openChannel(client).open(path);
    call.start({ message() {}, end() {}, cancel() {} });
    await Bun.sleep(2);
    bytes.fail(new Error("broken pipe"));
    expect(await cancelled.promise).toBe("daemon.gone");
    expect((await server.closed)?.message).toContain("broken pipe");
  });

  test("close finishes what is open", async () => {
    const release = Promise.withResolvers<void>();
    const { channel, server } = connect([[path, (call) => void release.promise.then(() => call.finish())]]);
    const call = channel.open(path);
    call.start({ message() {}, end() {}, cancel() {} });
    await Bun.sleep(2);
    server.close();
    release.resolve();
    expect(await call.status).toEqual(okStatus);
    expect(await server.closed).toBeUndefined();
  });
});

describe("unary", () => {
  test("answers", async () => {
    const { channel } = connect([unary(Health.Check, ({ service }) => ({ status: service === "x" ? 1 : 2 }))]);
    expect(await channel.unary(Health.Check, { service: "x" })).toEqual({ status: 1 });
  });

  test("a call without a request", async () => {
    const { channel } = connect([unary(Health.Check, () => ({}))]);
    const call = channel.open(Health.Check.path);
    call.start({ message() {}, end() {}, cancel() {} });
    call.end();
    expect(await call.status).toEqual(makeStatus(2, "the call has no request"));
  });

  test("a request that is no message", async () => {
    const { channel } = connect([unary(Health.Check, () => ({}))]);
    const call = channel.open(Health.Check.path);
    call.start({ message() {}, end() {}, cancel() {} });
    call.send(Uint8Array.of(0xff));
    call.end();
    expect((await call.status).code).toBe(2);
  });

  test("a promise that rejects", async () => {
    const { channel } = connect([unary(Health.Check, () => Promise.reject(new Error("later")))]);
    await expect(channel.unary(Health.Check, {})).rejects.toThrow("later");
  });
});

describe("a late service", () => {
  const open = async (channel: Channel) => {
    const call = channel.open(path);
    call.start({ message() {}, end() {}, cancel() {} });
    call.send();
    call.end();
    return call.status;
  };

  test("is loaded once, when it is called", async () => {
    let loads = 0;
    const service = lateService([path], async () => {
      loads++;
      return [[path, (call) => call.finish(makeStatus(5, "late"))]];
    });
    const { channel } = connect(service);
    expect(loads).toBe(0);
    expect(await open(channel)).toEqual(makeStatus(5, "late"));
    expect(await open(channel)).toEqual(makeStatus(5, "late"));
    expect(loads).toBe(1);
  });

  test("that cannot be loaded answers with the reason", async () => {
    const { channel } = connect(lateService([path], () => Promise.reject(new Error("there is none"))));
    expect(await open(channel)).toEqual(makeStatus(2, "there is none"));
  });
});
