import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BuildHistoryEvent,
  Control,
  type ListWorkersResponse,
  type SolveRequest,
  type StatusResponse,
  type UsageRecord,
} from "../../../src/gen/control.ts";
import { LLBBridge } from "../../../src/gen/gateway.ts";
import type { ByteSink, ByteStream } from "../../../src/h2/byte-stream.ts";
import { type Channel, openChannel } from "../../../src/rpc/channel.ts";
import type { ServerCall } from "../../../src/rpc/message-stream.ts";
import { type Handler, serve, unary } from "../../../src/rpc/server.ts";
import { makeStatus, rpcError } from "../../../src/rpc/status.ts";
import type { Init, Method } from "../../../src/wire/codec.ts";
import { listen } from "../../h2/socket.ts";

/** What a daemon says, and what it does to the session of a build. */
export interface Hostility {
  /** Runs while the build waits; what comes back is the exporters' response. A rejection is the build's error. */
  readonly attack?: (session: Channel, request: SolveRequest) => Promise<Readonly<Record<string, string>>>;
  readonly status?: readonly Init<StatusResponse>[];
  readonly workers?: Init<ListWorkersResponse>;
  readonly version?: string;
  readonly usage?: readonly Init<UsageRecord>[];
  readonly history?: readonly Init<BuildHistoryEvent>[];
}

export interface HostileDaemon extends Disposable {
  /** `unix://…` */
  readonly addr: string;
}

/** A daemon on a socket of its own that builds nothing. One build at a time. */
export function openHostileDaemon(hostility: Hostility): HostileDaemon {
  const path = join(tmpdir(), `luakit-hostile-${crypto.randomUUID().slice(0, 8)}.sock`);
  const server = listen((bytes) => void serve(bytes, [handlersOf(hostility)]), path);
  return {
    addr: `unix://${path}`,
    [Symbol.dispose]() {
      server.stop();
      rmSync(path, { force: true });
    },
  };
}

function handlersOf({ attack, status = [], workers = {}, version = "v0.20.0", usage = [], history = [] }: Hostility) {
  const session = Promise.withResolvers<Channel>();
  const over = Promise.withResolvers<void>();
  const returned = Promise.withResolvers<void>();
  return [
    unary(Control.Info, () => ({ buildkitVersion: { version, package: version, revision: version } })),
    unary(Control.ListWorkers, () => workers),
    unary(Control.DiskUsage, () => ({ record: usage })),
    stream(Control.Prune, usage),
    stream(Control.ListenBuildHistory, history),
    stream(Control.Status, status, attack === undefined ? undefined : over.promise),
    [Control.Session.path, (call: ServerCall) => session.resolve(openChannel(tunnelOf(call)))] as const,
    unary(Control.Solve, async (request) => {
      const channel = await session.promise;
      try {
        const ExporterResponse = (await attack?.(channel, request)) ?? {};
        await Promise.race([returned.promise, Bun.sleep(2000)]);
        return { ExporterResponse };
      } catch (error) {
        throw rpcError(makeStatus(2, error instanceof Error ? error.message : String(error)));
      } finally {
        over.resolve();
      }
    }),
    unary(LLBBridge.Ping, () => ({})),
    unary(LLBBridge.Solve, () => ({ result: { ref: { id: "1" } } })),
    unary(LLBBridge.Return, () => {
      returned.resolve();
      return {};
    }),
  ];
}

/** Answers with messages, and ends when `until` does. */
function stream<I, O>(method: Method<I, O>, messages: readonly Init<O>[], until = Promise.resolve()) {
  const handler: Handler = (call) => {
    call.start({ message: () => {}, end: () => {}, cancel: () => {} });
    for (const message of messages) call.send(method.response.encode(message));
    until.then(() => call.finish());
  };
  return [method.path, handler] as const;
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
