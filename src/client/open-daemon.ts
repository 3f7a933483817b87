import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseAddress } from "../rpc/address.ts";
import { type Connection, type ConnectOptions, connect } from "./connect.ts";
import type { Daemon } from "./daemon.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import type { HostEnvironment } from "./host-environment.ts";

export interface OpenOptions extends ConnectOptions {
  /** Told what the user waits for, and what was configured but is not used. One line each. */
  readonly notify?: ((line: string) => void) | undefined;
  /** What is deleted must be that of the daemon which the user means: nothing takes the place of one that is configured. */
  readonly exact?: boolean | undefined;
}

/**
 * Connects to the daemon that the command line or BUILDKIT_HOST names, else to the first one that answers. Only a daemon
 * that was found is asked whether it answers. Rejects with `daemon.unreachable`, which lists what was tried, or "usage".
 */
export async function openDaemon(
  search: DaemonSearch,
  host: HostEnvironment,
  options: OpenOptions = {},
): Promise<Connection> {
  const daemon = namedDaemon(search, host);
  if (daemon !== undefined) return connect(daemon, host, options);
  const { openFound } = await import("./open-found.ts");
  return openFound(search, host, options);
}

/** Whether a builder of buildx may be what builds: none is when an address is given, or a private daemon is asked for. */
export function searchesBuilder(
  { address, builder, daemonless, tls }: DaemonSearch,
  { variables }: HostEnvironment,
): boolean {
  if (address !== undefined || daemonless === true || tls !== undefined) return false;
  return builder !== undefined || !variables.BUILDKIT_HOST;
}

/** The daemon of `--addr` or BUILDKIT_HOST. Throws "usage". */
function namedDaemon(search: DaemonSearch, { variables }: HostEnvironment): Daemon | undefined {
  const { address, builder, daemonless, tls } = search;
  const chosen = [address && "--addr", builder && "--builder", daemonless && "--daemonless"].filter(Boolean);
  if (chosen.length > 1) throw new LuakitError("usage", `${chosen.join(" and ")} each name a daemon; give one of them`);
  if (address) return { address: parseAddress(address), source: "--addr", tls };
  const variable = variables.BUILDKIT_HOST;
  if (variable && chosen.length === 0) return { address: parseVariable(variable), source: "BUILDKIT_HOST", tls };
  if (tls === undefined) return undefined;
  throw new LuakitError("usage", "TLS flags need the daemon's address", { hint: "add --addr tcp://HOST:1234" });
}

function parseVariable(text: string): Daemon["address"] {
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError(error.code, `BUILDKIT_HOST: ${error.message}`, { hint: error.hint, cause: error });
  }
}
