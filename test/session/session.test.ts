import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Control } from "../../src/gen/control.ts";
import { Health } from "../../src/gen/health.ts";
import { Secrets } from "../../src/gen/secrets.ts";
import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";
import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import type { ServerCall } from "../../src/rpc/message-stream.ts";
import { type Metadata, metadataValues } from "../../src/rpc/metadata.ts";
import { type Server, serve } from "../../src/rpc/server.ts";
import { makeStatus } from "../../src/rpc/status.ts";
import { secrets } from "../../src/session/secrets.ts";
import { openSession } from "../../src/session/session.ts";
import { openPair } from "../h2/pair.ts";

setDefaultTimeout(30_000);

interface FakeDaemon {
  /** Connects a client. */
  readonly channel: Channel;
  readonly server: Server;
  /** The session that the client opened: what it said, and the way back to its services. */
  readonly session: Promise<{ readonly metadata: Metadata; readonly call: ServerCall; readonly client: Channel }>;
}

function openDaemon(): FakeDaemon {
  const { left, right } = openPair();
  const opened = Promise.withResolvers<Awaited<FakeDaemon["session"]>>();
  const handler = (call: ServerCall) => {
    opened.resolve({ metadata: call.metadata, call, client: openChannel(tunnelOf(call)) });
  };
  const server = serve(right, [[[Control.Session.path, handler]]]);
  return { channel: openChannel(left), server, session: opened.promise };
}

/** The bytes that a session's call carries, on the daemon's side. */
function tunnelOf(call: ServerCall): ByteStream {
  return {
    start: (sink: ByteSink) =>
      call.start({
        message: (bytes) => sink.data(Control.Session.request.decode(bytes).data),
        end: () => {
          sink.end();
          sink.close();
          call.finish();
        },
        cancel: (error) => sink.close(error),
        drain: () => sink.drain(),
      }),
    write: (bytes) => call.send(Control.Session.response.encode({ data: bytes })),
    pause: () => call.pause(),
    resume: () => call.resume(),
    end: () => undefined,
    destroy: () => call.finish(),
  };
}

const options = { id: "abc", sharedKey: "key", services: [secrets([{ id: "a", value: "s3cret" }])] };

describe("a session", () => {
  test("says who it is and each method in a field of its own", async () => {
    const daemon = openDaemon();
    openSession(daemon.channel, options);
    const { metadata } = await daemon.session;
    expect(metadataValues(metadata, "x-docker-expose-session-uuid")).toEqual(["abc"]);
    expect(metadataValues(metadata, "x-docker-expose-session-sharedkey")).toEqual(["key"]);
    expect(metadataValues(metadata, "x-docker-expose-session-grpc-method")).toEqual([
      "/grpc.health.v1.Health/Check",
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    ]);
  });

  test("serves health and what it is given", async () => {
    const daemon = openDaemon();
    openSession(daemon.channel, options);
    const { client } = await daemon.session;
    expect(await client.unary(Health.Check, {})).toEqual({ status: 1 });
    expect((await client.unary(Secrets.GetSecret, { ID: "a" })).data).toEqual(new TextEncoder().encode("s3cret"));
    expect(await client.unary(Control.Info, {}).catch((error: Error) => error.message)).toContain("does not serve");
  });

  test("that we close ends without an error", async () => {
    const daemon = openDaemon();
    const session = openSession(daemon.channel, options);
    await daemon.session;
    session.close();
    session.close();
    expect(await session.closed).toBeUndefined();
  });

  test("that we close ends though the daemon does nothing", async () => {
    const { left, right } = openPair();
    serve(right, [[[Control.Session.path, (call) => call.start({ message() {}, end() {}, cancel() {} })]]]);
    const session = openSession(openChannel(left), options);
    await Bun.sleep(20);
    session.close();
    expect(await session.closed).toBeUndefined();
  });

  test("that the daemon ends is an error of its own", async () => {
    const daemon = openDaemon();
    const session = openSession(daemon.channel, options);
    const { call } = await daemon.session;
    call.finish();
    const error = await session.closed;
    expect(error?.code).toBe("session.broken");
    expect(error?.message).toBe("the session with the daemon broke: the daemon ended it");
  });

  test("that the daemon refuses says why", async () => {
    const daemon = openDaemon();
    const session = openSession(daemon.channel, options);
    const { call } = await daemon.session;
    call.finish(makeStatus(14, "no sessions today"));
    const error = await session.closed;
    expect(error?.code).toBe("session.broken");
    expect(error?.message).toBe("the session with the daemon broke: no sessions today");
  });

  test("is gone with the connection", async () => {
    const daemon = openDaemon();
    const session = openSession(daemon.channel, options);
    await daemon.session;
    daemon.server.destroy();
    expect((await session.closed)?.code).toBe("daemon.gone");
  });

  test("breaks when what arrives is no HTTP/2", async () => {
    const daemon = openDaemon();
    const session = openSession(daemon.channel, options);
    const { call } = await daemon.session;
    const garbage = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");
    for (let time = 0; time < 3; time++) call.send(Control.Session.response.encode({ data: garbage }));
    expect((await session.closed)?.code).toBe("session.broken");
  });
});
