import type { Connection } from "../client/connect.ts";
import { type DaemonFlags, parseDaemonFlags } from "../client/daemon-flags.ts";
import { type OpenOptions, openDaemon } from "../client/open-daemon.ts";
import { type Flag, flagValue, type Input, isFlagSet } from "./command.ts";
import { hostEnvironment } from "./host-environment.ts";
import { readTimeout } from "./script-flags.ts";
import { daemonFlags, flagContext } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of commands that only talk to a daemon. */
export const connectFlags = {
  ...daemonFlags,
  timeout: {
    type: "string",
    value: "DURATION",
    doc: "time to connect to the daemon, and until it says something; default: 5s, and 20s",
  },
} as const satisfies Record<string, Flag>;

function collectDaemonFlags(input: Input): DaemonFlags {
  return {
    addr: flagValue(input, "addr"),
    builder: flagValue(input, "builder"),
    daemonless: isFlagSet(input, "daemonless"),
    tlsCaCert: flagValue(input, "tlscacert"),
    tlsCert: flagValue(input, "tlscert"),
    tlsKey: flagValue(input, "tlskey"),
    tlsServerName: flagValue(input, "tlsservername"),
    tlsDir: flagValue(input, "tlsdir"),
  };
}

/** Connects to the daemon, uses it, and ends the connection whatever happens. */
export async function withDaemon<T>(
  input: Input,
  terminal: Terminal,
  use: (connection: Connection) => Promise<T>,
  options: Pick<OpenOptions, "exact"> = {},
): Promise<T> {
  const search = parseDaemonFlags(collectDaemonFlags(input), flagContext(terminal));
  const connection = await openDaemon(search, hostEnvironment(terminal), {
    timeout: flagValue(input, "timeout") === undefined ? undefined : readTimeout(input),
    notify: (line) => terminal.error(`${line}\n`),
    ...options,
  });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
