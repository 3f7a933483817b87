import { Control } from "../gen/control.ts";
import type { WorkerRecord } from "../gen/worker.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { Channel } from "../rpc/channel.ts";

/** What a request to a daemon depends on. */
export interface DaemonTraits {
  /** `docker` is the BuildKit inside a Docker Engine. */
  readonly kind: "buildkit" | "docker";
  /** The daemon keeps images: a Docker Engine always, a BuildKit only with a containerd worker. */
  readonly imageStore: boolean;
  /** Of a Docker Engine: images are in containerd, which knows indexes and attestations, and not in a graphdriver. */
  readonly containerd: boolean;
  /** What its first worker runs without emulation. */
  readonly platform?: Platform | undefined;
  /**
   * The version of BuildKit as numbers, `[0, 12, 5]`; `[0, 10]` for one that does not tell it, as all from 0.11 on do;
   * undefined for builds without a number.
   */
  readonly version: readonly number[] | undefined;
  /** How its first worker runs steps and keeps layers, for people: `oci, overlayfs`. */
  readonly worker?: string | undefined;
}

const label = "org.mobyproject.buildkit.worker.";

/** Asks the daemon's workers. */
export async function askTraits(
  channel: Channel,
  kind: DaemonTraits["kind"],
  signal?: AbortSignal,
): Promise<DaemonTraits> {
  const { record } = await channel.unary(Control.ListWorkers, {}, { signal });
  const has = (name: string) => record.some(({ Labels }) => Labels[label + name] !== undefined);
  const containerd = kind === "docker" && has("snapshotter");
  const imageStore = kind === "docker" || has("containerd.uuid");
  const platform = platformOf(record[0]);
  return { kind, containerd, imageStore, version: versionOf(record), platform, worker: workerOf(record[0]) };
}

function versionOf(record: readonly WorkerRecord[]): readonly number[] | undefined {
  const told = record.find(({ BuildkitVersion }) => BuildkitVersion !== undefined)?.BuildkitVersion;
  if (told === undefined) return record.length === 0 ? undefined : [0, 10];
  return parseVersion(told.version);
}

function workerOf(worker: WorkerRecord | undefined): string | undefined {
  const words = ["executor", "snapshotter"].flatMap((name) => worker?.Labels[label + name] ?? []);
  return words.length === 0 ? undefined : words.join(", ");
}

function platformOf(worker: WorkerRecord | undefined): Platform | undefined {
  const own = worker?.platforms[0];
  if (own === undefined) return undefined;
  return normalizePlatform({ os: own.OS, architecture: own.Architecture, variant: own.Variant || undefined });
}

/** Whether the daemon is known to be older than a version, such as 0.13. */
export function isOlder({ version }: DaemonTraits, major: number, minor: number): boolean {
  if (version === undefined) return false;
  const [ownMajor = 0, ownMinor = 0] = version;
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

/** `v0.12.5`; undefined for builds that have no number, which call themselves 0.0.0. */
export function parseVersion(text: string): readonly number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
  const numbers = match?.slice(1).map(Number);
  return numbers?.some((number) => number > 0) ? numbers : undefined;
}
