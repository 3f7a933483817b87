import { Control } from "../gen/control.ts";
import type { GCPolicy } from "../gen/worker.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { Channel } from "../rpc/channel.ts";

/** A worker of a daemon: what runs steps and keeps the cache. */
export interface Worker {
  readonly id: string;
  /** The first one is what it builds for by default. */
  readonly platforms: readonly Platform[];
  readonly labels: Readonly<Record<string, string>>;
  readonly buildkit: BuildkitVersion;
  /** Rules of the cache's garbage collection, in the order in which they apply. */
  readonly gcPolicy: readonly GcRule[];
  /** CDI devices that steps can ask for. */
  readonly devices: readonly Device[];
}

export interface BuildkitVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  /** Of the Dockerfile frontend inside; empty before v0.30. */
  readonly dockerfile: string;
}

/** Spaces are bytes, 0 where there is no limit. */
export interface GcRule {
  readonly all: boolean;
  readonly filters: readonly string[];
  readonly keepSeconds: number;
  readonly reservedSpace: number;
  readonly maxUsedSpace: number;
  readonly minFreeSpace: number;
}

export interface Device {
  readonly name: string;
  /** A build gets it without being allowed to. */
  readonly autoAllow: boolean;
  /** It is set up when the first build asks for it. */
  readonly onDemand: boolean;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The workers of a daemon that match one of `filters`, in containerd's syntax; all without any. */
export async function listWorkers(
  channel: Channel,
  filters: readonly string[] = [],
  signal?: AbortSignal,
): Promise<readonly Worker[]> {
  const { record } = await channel.unary(Control.ListWorkers, { filter: filters }, { signal });
  return record.map(({ ID, Labels, platforms, GCPolicy, BuildkitVersion, CDIDevices }) => ({
    id: ID,
    platforms: platforms.map(({ OS, Architecture, Variant }) =>
      normalizePlatform({ os: OS, architecture: Architecture, variant: Variant || undefined }),
    ),
    labels: Labels,
    buildkit: readVersion(BuildkitVersion),
    gcPolicy: GCPolicy.map(readRule),
    devices: CDIDevices.map(({ Name, AutoAllow, OnDemand, Annotations }) => ({
      name: Name,
      autoAllow: AutoAllow,
      onDemand: OnDemand,
      annotations: Annotations,
    })),
  }));
}

/** The wire's version message; older daemons leave parts of it empty. */
export function readVersion(message: WireVersion | undefined): BuildkitVersion {
  return {
    package: message?.package ?? "",
    version: message?.version ?? "",
    revision: message?.revision ?? "",
    dockerfile: message?.dockerfileVersion ?? "",
  };
}

interface WireVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  readonly dockerfileVersion: string;
}

function readRule({ all, filters, keepDuration, reservedSpace, maxUsedSpace, minFreeSpace }: GCPolicy): GcRule {
  return { all, filters, keepSeconds: keepDuration / 1e9, reservedSpace, maxUsedSpace, minFreeSpace };
}
