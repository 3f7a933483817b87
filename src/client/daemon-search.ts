import type { Platform } from "../oci/platform.ts";
import type { TlsFiles } from "../rpc/tls-files.ts";

/** What the command line says of the daemon to use; nothing means: find one. */
export interface DaemonSearch {
  /** `--addr`; the same forms as BUILDKIT_HOST. */
  readonly address?: string | undefined;
  /** TLS for `address`, or for BUILDKIT_HOST. */
  readonly tls?: TlsFiles | undefined;
  /** `--builder`: a buildx builder or a docker context. */
  readonly builder?: string | undefined;
  /** `--daemonless`: a private buildkitd and nothing else. */
  readonly daemonless?: boolean | undefined;
  /** Chooses the node of a builder that has several. */
  readonly platform?: Platform | undefined;
}
