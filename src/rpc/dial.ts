import type { ByteStream } from "../h2/byte-stream.ts";
import type { Address } from "./address.ts";
import { beforeDeadline } from "./deadline.ts";
import { dialCommand, type Variables } from "./dial-command.ts";
import { dialTcp } from "./dial-tcp.ts";
import { dialTls } from "./dial-tls.ts";
import { dialUnix } from "./dial-unix.ts";
import { formatAddress } from "./format-address.ts";
import type { TlsFiles } from "./tls-files.ts";
import { unreachable } from "./unreachable.ts";

export interface DialOptions {
  /** For tcp; without it there is no TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Milliseconds for the connection to be made; 5000. A command has the time that it takes. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Environment of a command; this process's own when absent. */
  readonly variables?: Variables;
}

const defaultTimeout = 5000;

/**
 * Connects to a daemon. Rejects with "daemon.unreachable"; what is found out later, such as a command that fails, is the
 * stream's error.
 */
export function dial(address: Address, options: DialOptions = {}): Promise<ByteStream> {
  const deadline = { timeout: options.timeout ?? defaultTimeout, signal: options.signal };
  return beforeDeadline(connect(address, options), formatAddress(address), deadline);
}

async function connect(address: Address, options: DialOptions): Promise<ByteStream> {
  switch (address.scheme) {
    case "unix":
      return dialUnix(address);
    case "tcp":
      return options.tls === undefined ? dialTcp(address) : dialTls(address, options.tls, "\x02h2");
    case "npipe":
    case "docker":
      throw unreachable(formatAddress(address), "named pipes exist only on Windows");
    default:
      return dialCommand(address, options.variables);
  }
}
