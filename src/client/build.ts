import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Gateway, openGateway } from "../gateway/gateway.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { type CacheOptionsEntry, Control, type SolveRequest, type StatusResponse } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Service } from "../rpc/server.ts";
import { statusOf } from "../rpc/status.ts";
import { openSession } from "../session/session.ts";
import type { Init } from "../wire/codec.ts";
import { newId } from "./id.ts";
import { followStatus } from "./status-stream.ts";

/** Makes the result: it runs beside the daemon's Solve call, which waits for it. */
export type BuildFunction = (gateway: Gateway) => Promise<GatewayResult>;

/** What makes the result, or a Definition: the call carries its bytes, and the daemon begins at once. */
export type BuildSource = BuildFunction | Uint8Array;

export interface BuildOptions {
  /** Names the build at the daemon; default: a new id. */
  readonly ref?: string | undefined;
  /** Exporters, cache, entitlements and the rest; without a source also the frontend. */
  readonly request: Init<SolveRequest>;
  readonly services: readonly Service[];
  /** Tells the daemon which local files are those of an earlier build. */
  readonly sharedKey?: string | undefined;
  readonly source?: BuildSource | undefined;
  /** Given on with every graph that our frontend solves. */
  readonly cacheImports?: readonly CacheOptionsEntry[] | undefined;
  /** The next message waits for what it gives. */
  readonly onStatus: (status: StatusResponse) => Promise<void> | undefined;
  /** Called when no more messages come. */
  readonly onStatusEnd?: (() => void) | undefined;
  /** Called when the daemon has all that it needs to build, and work for a while. */
  readonly whileWaiting?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildOutcome {
  readonly ref: string;
  /** What exporters and cache exporters said: client.md lists the keys. */
  readonly response: Readonly<Record<string, string>>;
}

/** Milliseconds of silence after which no more messages come of a build that is over, and of one without a session. */
const standardPatience = 5000;
const lostPatience = 500;

/** One build on a connected daemon: the session, the Solve call, the status stream and, if given, our own frontend. */
export async function build(channel: Channel, options: BuildOptions): Promise<BuildOutcome> {
  const { ref = newId(), source, signal } = options;
  const request = source instanceof Uint8Array ? { ...options.request, Definition: source } : options.request;
  const session = openSession(channel, {
    id: newId(),
    sharedKey: options.sharedKey ?? "",
    services: options.services,
  });
  const call = signal === undefined ? {} : { signal };
  const solved = channel.unary(Control.Solve, { Cache: {}, ...request, Ref: ref, Session: session.id }, call);
  const status = followStatus(channel, ref, options.onStatus, signal);
  status.finished.then(options.onStatusEnd);
  let patience = standardPatience;
  try {
    const own = Promise.withResolvers<unknown>();
    const frontend = runFrontend(channel, ref, session.id, options, own.resolve);
    const lost = session.closed.then((error) => {
      patience = lostPatience;
      throw error ?? new LuakitError("session.broken", "the session with the daemon ended before the build");
    });
    const { ExporterResponse } = await Promise.race([preferOwn(solved, frontend, own.promise), lost]);
    return { ref, response: ExporterResponse };
  } finally {
    await status.end(patience);
    session.close();
  }
}

/** Milliseconds that our frontend has to fail, too, once the daemon has said that the build did. */
const echo = 500;

/**
 * The daemon's answer; of a frontend that failed, its `own` error instead of what the daemon makes of that. It is there
 * before the daemon can know of it, however slow everything is.
 */
async function preferOwn<T>(solved: Promise<T>, frontend: Promise<void>, own: Promise<unknown>): Promise<T> {
  try {
    const [response] = await Promise.all([solved, frontend]);
    return response;
  } catch (error) {
    solved.catch(() => undefined);
    const ownError = await Promise.race([own, Bun.sleep(echo).then(() => undefined)]);
    throw isEcho(error, ownError) ? ownError : error;
  }
}

/** When the daemon refuses the build itself, our frontend only learns that there is none. */
function isEcho(error: unknown, own: unknown): boolean {
  if (own === undefined || own === error || !(error instanceof Error) || !(own instanceof Error)) return false;
  return statusOf(own) === undefined || error.message.includes(own.message);
}

/** Runs our frontend, if any, over the control connection and gives its result, or its failure, to the daemon. */
async function runFrontend(
  channel: Channel,
  ref: string,
  sessionId: string,
  options: BuildOptions,
  ended: (error: unknown) => void,
): Promise<void> {
  const { source, signal, cacheImports } = options;
  if (typeof source !== "function") {
    // First of all the call has to leave.
    setImmediate(() => options.whileWaiting?.().catch(() => undefined));
    return ended(undefined);
  }
  const gateway = openGateway(channel, { sessionId, buildId: ref, signal, cacheImports });
  try {
    await gateway.finish(await source(gateway));
    ended(undefined);
    options.whileWaiting?.().catch(() => undefined);
  } catch (error) {
    ended(error);
    // The daemon waits for an answer; what it then says of the build is an echo of this error.
    const { message } = error instanceof Error ? error : { message: String(error) };
    await gateway.fail(statusOf(error) ?? { code: 2, message, details: [] }).catch(() => undefined);
    throw error;
  }
}
