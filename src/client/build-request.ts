import type { Policy } from "../gen/policy.ts";
import type { Platform } from "../oci/platform.ts";
import type { RegistryTlsContext } from "../session/auth-tls.ts";
import type { SecretSource } from "../session/secrets.ts";
import type { SshSource } from "../session/ssh.ts";
import type { AttestationType } from "./attest.ts";
import type { CacheEntry } from "./cache.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import type { NamedPath } from "./local-flags.ts";
import type { Output } from "./output.ts";
import type { ResultFiles } from "./result-files.ts";

export const progressModes = ["auto", "tty", "plain", "rawjson", "quiet", "none"] as const;

/** Everything that the command line asks of a build, checked, before a daemon is asked. Every path is absolute. */
export interface BuildRequest {
  readonly daemon: DaemonSearch;
  /** What is served to the daemon; `context` is always among them. A file is served as a directory that holds it. */
  readonly locals: readonly NamedPath[];
  readonly ociLayouts: readonly NamedPath[];
  readonly secrets: readonly SecretSource[];
  readonly ssh: readonly SshSource[];
  readonly registryTls: readonly RegistryTlsContext[];
  /** Frontend options by the daemon's names: `build-arg:NAME`, and what `--opt` gave. */
  readonly options: ReadonlyMap<string, string>;
  /** Of the image config, beside those of the script. */
  readonly labels: ReadonlyMap<string, string>;
  /** Of `--annotation`, as attributes of exporters; `outputs` have them too. */
  readonly annotations: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  /** The name of the script, for the daemon's history. */
  readonly filename?: string | undefined;
  /** Each once; none means the daemon's own. */
  readonly platforms: readonly Platform[];
  /** In the order of the exporters. None: see `planExports`. */
  readonly outputs: readonly Output[];
  /** Nothing is exported, and that is meant. */
  readonly cacheOnly: boolean;
  readonly cacheImports: readonly CacheEntry[];
  readonly cacheExports: readonly CacheEntry[];
  /** What is attested, with the daemon's settings for it. Nothing is that was not asked for. */
  readonly attestations: ReadonlyMap<AttestationType, string>;
  readonly noCache: boolean;
  readonly entitlements: readonly string[];
  readonly sourcePolicy: Policy | undefined;
  /** Registries are not asked: base images are those that the daemon has. */
  readonly offline: boolean;
  readonly progress: (typeof progressModes)[number];
  readonly files: ResultFiles;
  /** What was asked for and has no effect, one sentence each. */
  readonly warnings: readonly string[];
}
