import type { Connection } from "../client/connect.ts";
import { type DaemonFlags, parseDaemonFlags } from "../client/daemon-flags.ts";
import type { HostEnvironment } from "../client/host-environment.ts";
import { openDaemon } from "../client/open-daemon.ts";
import { type Flag, flagValue, type Input, isFlagSet } from "./command.ts";
import { readTimeout } from "./script-flags.ts";
import { flagContext } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of every command that talks to a daemon. */
export const daemonFlags = {
  addr: {
    type: "string",
    value: "ADDRESS",
    doc: "the daemon: unix://, tcp://, ssh://, docker-container://, docker://; default: BUILDKIT_HOST, else it is found",
  },
  builder: { type: "string", value: "NAME", doc: "a builder of docker buildx, or a docker context" },
  daemonless: { type: "boolean", doc: "start a buildkitd of PATH for this command, and stop it afterwards" },
  tlscacert: { type: "string", value: "FILE", doc: "certificate of the authority that signed the daemon's" },
  tlscert: { type: "string", value: "FILE", doc: "client certificate" },
  tlskey: { type: "string", value: "FILE", doc: "key of the client certificate" },
  tlsdir: { type: "string", value: "DIR", doc: "directory with ca.pem, cert.pem and key.pem" },
  tlsservername: { type: "string", value: "NAME", doc: "the name in the daemon's certificate" },
} as const satisfies Record<string, Flag>;

/** For commands where `--timeout` means nothing else. */
export const connectFlags = {
  ...daemonFlags,
  timeout: { type: "string", value: "DURATION", doc: "time to connect to the daemon; default: 5s" },
} as const satisfies Record<string, Flag>;

/** What the command line says of the daemon, for `parseDaemonFlags`. */
export function collectDaemonFlags(input: Input): DaemonFlags {
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

/** What finding a daemon sees of this process. */
export function readHost({ variables }: Terminal): HostEnvironment {
  return { variables, home: variables.HOME || "/", userId: process.getuid?.(), system: process.platform };
}

/** Connects to the daemon, uses it, and ends the connection whatever happens. */
export async function withDaemon<T>(
  input: Input,
  terminal: Terminal,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const search = parseDaemonFlags(collectDaemonFlags(input), flagContext(terminal));
  const connection = await openDaemon(search, readHost(terminal), {
    timeout: flagValue(input, "timeout") === undefined ? undefined : readTimeout(input),
    notify: (line) => terminal.error(`${line}\n`),
  });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
