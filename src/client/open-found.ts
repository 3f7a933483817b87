import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseAddress } from "../rpc/address.ts";
import { bootDaemon } from "./boot-daemon.ts";
import type { AskPlatforms } from "./choose-node.ts";
import { type Connection, connectAnswered } from "./connect.ts";
import type { Daemon } from "./daemon.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import { findPlaces, type Place } from "./find-daemon.ts";
import type { HostEnvironment } from "./host-environment.ts";
import type { OpenOptions } from "./open-daemon.ts";
import { openPrivateDaemon, type PrivateProgram } from "./private-daemon.ts";
import { listWorkers } from "./workers.ts";

/** A place that was looked at in vain. */
interface Miss {
  readonly place: Place;
  readonly error: LuakitError;
}

/** Connects to the first daemon that is found and answers. Rejects with `daemon.unreachable`, which lists all places. */
export async function openFound(
  search: DaemonSearch,
  host: HostEnvironment,
  options: OpenOptions,
): Promise<Connection> {
  const misses: Miss[] = [];
  const ask: AskPlatforms = (daemon) => askPlatforms(daemon, host, options);
  for await (const place of findPlaces(search, host, ask)) {
    try {
      const connection = await open(place.found, host, options);
      for (const miss of misses) if (miss.place.by === "configured") options.notify?.(describeUnused(miss, connection));
      return connection;
    } catch (error) {
      if (!(error instanceof LuakitError) || options.signal?.aborted) throw error;
      if (place.by === "chosen") throw nodeError(place.found, error);
      if (place.by === "configured" && options.exact === true) throw onlyThere(place, error);
      misses.push({ place, error });
    }
  }
  throw nowhere(misses);
}

function open(found: Place["found"], host: HostEnvironment, options: OpenOptions): Promise<Connection> {
  if (found instanceof LuakitError) throw found;
  return "command" in found ? openPrivate(found, host, options) : openBooted(found, host, options);
}

/** Connects to a daemon that answers, and brings it up first where that is known how. */
export async function openBooted(daemon: Daemon, host: HostEnvironment, options: OpenOptions): Promise<Connection> {
  try {
    return await connectAnswered(daemon, host, options);
  } catch (error) {
    if (daemon.boot === undefined || !(error instanceof LuakitError) || options.signal?.aborted) throw error;
    options.notify?.(`starting ${daemon.source}`);
    await bootDaemon(daemon.boot, daemon.source, host, error, options.signal);
    return connectAnswered(daemon, host, options);
  }
}

async function openPrivate(program: PrivateProgram, host: HostEnvironment, options: OpenOptions): Promise<Connection> {
  const reach = (address: string) => {
    const daemon = { address: parseAddress(address), source: "a private buildkitd" };
    return connectAnswered(daemon, host, options);
  };
  const { reached, release } = await openPrivateDaemon(program, host, reach, options.signal);
  return {
    ...reached,
    description: "a private buildkitd",
    close: async () => {
      await reached.close();
      await release();
    },
  };
}

/** What a daemon's workers can build for. Rejects with `daemon.unreachable`. */
export async function askPlatforms(daemon: Daemon, host: HostEnvironment, options: OpenOptions) {
  const connection = await openBooted(daemon, host, options);
  try {
    const workers = await listWorkers(connection.channel, [], options.signal);
    return workers.flatMap(({ platforms }) => platforms);
  } finally {
    await connection.close();
  }
}

/** One of several nodes is named: its address alone says little. */
function nodeError(found: Place["found"], error: LuakitError): LuakitError {
  if (error.code !== "daemon.unreachable" || !("source" in found)) return error;
  return new LuakitError(error.code, `${found.source} does not answer: ${error.message}`, {
    hint: error.hint,
    cause: error,
  });
}

function onlyThere({ source }: Place, error: LuakitError): LuakitError {
  const hint = "start it, or name another one with --builder or --addr";
  return new LuakitError("daemon.unreachable", `${source} does not answer: ${error.message}`, { hint, cause: error });
}

function describeUnused({ place, error }: Miss, connection: Connection): string {
  return `warning: ${place.source} does not answer, so ${connection.description} is used: ${error.message}`;
}

function nowhere(misses: readonly Miss[]): LuakitError {
  const lines = misses.map(({ place, error }) => `  ${place.source}: ${error.message}`);
  return new LuakitError("daemon.unreachable", `there is no BuildKit daemon to talk to\n${lines.join("\n")}`, {
    hint: "name one with --addr or BUILDKIT_HOST, start Docker, or put buildkitd on PATH",
  });
}
