import type { Address } from "../rpc/address.ts";
import type { TlsFiles } from "../rpc/tls-files.ts";

/** Where a daemon is and how to talk to it. */
export interface Daemon {
  readonly address: Address;
  /** What named it, for people: `--addr`, `the buildx builder "x"`. */
  readonly source: string;
  readonly tls?: TlsFiles | undefined;
  /** Variables, beside the caller's, of the program that carries the connection. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** A command that brings the daemon up when it does not answer. */
  readonly boot?: readonly string[] | undefined;
}
