import { isAbsolute, resolve } from "node:path";
import type { Connection } from "../client/connect.ts";
import type { DaemonSearch } from "../client/daemon-search.ts";
import type { HostEnvironment } from "../client/host-environment.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Platform } from "../oci/platform.ts";
import { findTlsFiles, type TlsFiles } from "../rpc/tls-files.ts";
import { type Flag, flagValue, type Input, isFlagSet } from "./command.ts";
import { readTimeout } from "./script-flags.ts";
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

/** Which daemon the command line asks for. `platform` chooses between the nodes of a builder. */
export function readDaemonSearch(input: Input, terminal: Terminal, platform?: Platform): DaemonSearch {
  return {
    address: flagValue(input, "addr"),
    builder: flagValue(input, "builder"),
    daemonless: isFlagSet(input, "daemonless"),
    tls: readTls(input, terminal),
    platform,
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
  const { openDaemon } = await import("../client/open-daemon.ts");
  const connection = await openDaemon(readDaemonSearch(input, terminal), readHost(terminal), {
    timeout: flagValue(input, "timeout") === undefined ? undefined : readTimeout(input),
    notify: (line) => terminal.error(`${line}\n`),
  });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

function readTls(input: Input, terminal: Terminal): TlsFiles | undefined {
  const path = (flag: string) => {
    const value = flagValue(input, flag);
    return value === undefined || isAbsolute(value) ? value : resolve(terminal.cwd, value);
  };
  const serverName = flagValue(input, "tlsservername");
  const single = { ca: path("tlscacert"), cert: path("tlscert"), key: path("tlskey") };
  const isSingle = Object.values(single).some((file) => file !== undefined);
  const directory = path("tlsdir");
  if (directory !== undefined && isSingle) {
    throw new LuakitError(
      "usage",
      "--tlsdir stands for --tlscacert, --tlscert and --tlskey; give the one or the others",
    );
  }
  if (directory !== undefined) return { ...findTlsFiles(directory), serverName };
  return isSingle || serverName !== undefined ? { ...single, serverName } : undefined;
}
