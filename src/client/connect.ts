import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Control } from "../gen/control.ts";
import type { Address } from "../rpc/address.ts";
import { type Channel, openChannel } from "../rpc/channel.ts";
import { dial } from "../rpc/dial.ts";
import { formatAddress, hostOf } from "../rpc/format-address.ts";
import { statusCode, statusOf } from "../rpc/status.ts";
import { unreachable } from "../rpc/unreachable.ts";
import type { Daemon } from "./daemon.ts";
import { expectAnswer } from "./expect-answer.ts";
import type { HostEnvironment } from "./host-environment.ts";

/** A daemon that is connected to. */
export interface Connection {
  readonly channel: Channel;
  readonly daemon: Daemon;
  /** `docker` is the BuildKit inside a Docker Engine, which has other exporters. */
  readonly kind: "buildkit" | "docker";
  /** For people: where the daemon is and what named it. */
  readonly description: string;
  /** Ends the connection; a private daemon that nobody else uses has ended when this is fulfilled. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Milliseconds until a connection must be made. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** BuildKit's own clients wait as long; a program that carries the connection has to start first. */
const patience = { socket: 5_000, program: 30_000 };
/** How long a program may take to end by itself. */
const farewell = 500;
/** How long a peer that is connected may say nothing at all; ssh may have to ask its user. */
const silence = { socket: 20_000, program: 120_000 };

/** Connects, without asking whether a daemon answers there. Rejects with `daemon.unreachable`. */
export async function connect(
  daemon: Daemon,
  host: HostEnvironment,
  { timeout: given, signal }: ConnectOptions = {},
): Promise<Connection> {
  const timeout = given ?? patience[carrierOf(daemon)];
  const variables = daemon.variables === undefined ? host.variables : { ...host.variables, ...daemon.variables };
  const bytes = await dial(daemon.address, { tls: daemon.tls, timeout, signal, variables });
  const place = formatAddress(daemon.address);
  const limit = Math.min(given ?? Number.POSITIVE_INFINITY, silence[carrierOf(daemon)]);
  const failure = () => unreachable(place, `it takes the connection, but says nothing for ${limit / 1000} s`);
  const channel = openChannel(expectAnswer(bytes, limit, failure), {
    authority: daemon.tls?.serverName ?? hostOf(daemon.address),
    isNear: carrierScheme(daemon) === "unix",
  });
  return {
    channel,
    daemon,
    kind: daemon.address.scheme === "docker" ? "docker" : "buildkit",
    description: `${place} (${daemon.source})`,
    close: async () => {
      channel.close();
      if (carrierOf(daemon) === "socket") return;
      // We may end now, and a program that does not would be left behind.
      await Promise.race([channel.closed, Bun.sleep(farewell)]);
      channel.destroy();
    },
  };
}

/** Connects and has an answer from the daemon. Rejects with `daemon.unreachable`. */
export async function connectAnswered(
  daemon: Daemon,
  host: HostEnvironment,
  options: ConnectOptions = {},
): Promise<Connection> {
  const connection = await connect(daemon, host, options);
  try {
    await answer(connection, options.timeout ?? patience[carrierOf(daemon)], options.signal);
    return connection;
  } catch (error) {
    connection.channel.destroy();
    throw error;
  }
}

/** The cheapest question to a daemon. Before BuildKit v0.11 it is not known, which is an answer too. */
async function answer({ channel, daemon }: Connection, timeout: number, signal?: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(timeout);
  try {
    await channel.unary(Control.Info, {}, { signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
  } catch (error) {
    signal?.throwIfAborted();
    if (statusOf(error)?.code === statusCode.unimplemented) return;
    if (error instanceof LuakitError && error.code === "daemon.unreachable") throw error;
    const reason = limit.aborted ? `no answer within ${timeout / 1000} s` : messageOf(error);
    throw unreachable(formatAddress(daemon.address), reason, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function carrierOf(daemon: Daemon): "socket" | "program" {
  const scheme = carrierScheme(daemon);
  return scheme === "unix" || scheme === "tcp" || scheme === "npipe" ? "socket" : "program";
}

function carrierScheme({ address }: Daemon): Exclude<Address["scheme"], "docker"> {
  return address.scheme === "docker" ? address.engine.scheme : address.scheme;
}
