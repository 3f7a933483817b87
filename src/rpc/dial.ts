import type { ByteStream } from "../h2/byte-stream.ts";
import type { Address } from "./address.ts";
import { beforeDeadline } from "./deadline.ts";
import type { Variables } from "./dial-command.ts";
import { dialUnix } from "./dial-unix.ts";
import { expectHttp2 } from "./expect-http2.ts";
import { formatAddress } from "./format-address.ts";
import type { TlsFiles } from "./tls-files.ts";

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

/** A socket is what most daemons have; the other ways are loaded when they are taken. */
async function connect(address: Address, options: DialOptions): Promise<ByteStream> {
  switch (address.scheme) {
    case "unix":
      return dialUnix(address, expectHttp2(address));
    case "tcp":
      if (options.tls !== undefined) return (await import("./dial-tls.ts")).dialTls(address, options.tls, "h2");
      return (await import("./dial-tcp.ts")).dialTcp(address, expectHttp2(address));
    case "npipe":
      return (await import("./dial-npipe.ts")).dialNpipe(address);
    case "docker":
      return (await import("./dial-docker.ts")).dialDocker(address, options);
    default:
      return (await import("./dial-command.ts")).dialCommand(address, options.variables);
  }
}
