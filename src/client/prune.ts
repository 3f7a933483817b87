import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Control } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import { type CacheRecord, readDiskUsage, readRecord } from "./disk-usage.ts";
import { daemonVersion, isAtLeast } from "./info.ts";
import type { UsageFilter } from "./usage-filter.ts";

/** What to remove from a daemon's cache, and what to leave there. Spaces are bytes, 0 sets no limit. */
export interface PruneOptions {
  readonly filter: UsageFilter;
  /** Also what the daemon keeps for itself and for frontends. */
  readonly all: boolean;
  /** Nanoseconds: records used since then stay. */
  readonly keepDuration: number;
  /** This much may always stay. */
  readonly reservedSpace: number;
  /** No more than this may stay. */
  readonly maxUsedSpace: number;
  /** Removes until this much of the disk is free. */
  readonly minFreeSpace: number;
}

/** Removes records and gives each one that has gone. Throws `daemon.old` for limits that the daemon would not heed. */
export async function* prune(channel: Channel, options: PruneOptions): AsyncGenerator<CacheRecord> {
  const { filter, all, keepDuration, reservedSpace, maxUsedSpace, minFreeSpace } = options;
  if (maxUsedSpace > 0 || minFreeSpace > 0) await requireLimits(channel);
  const wanted = await prunableFilter(channel, filter);
  if (wanted === undefined) return;
  const removed = channel.stream(Control.Prune, {
    filter: wanted,
    all,
    keepDuration: filter.age ?? keepDuration,
    reservedSpace,
    maxUsedSpace,
    minFreeSpace,
  });
  for await (const record of removed) yield readRecord(record);
}

/**
 * The filter as Prune takes it; undefined when it matches nothing. Daemons like v0.12 know only some fields of a record
 * when they prune, so the others are looked up before: the records that they mean are then named by their ids.
 */
async function prunableFilter(channel: Channel, { terms }: UsageFilter): Promise<readonly string[] | undefined> {
  if (terms.length === 0) return [];
  if (!terms.some((term) => /^(description|parents)\b/.test(term))) return [terms.join(",")];
  const records = await readDiskUsage(channel, { terms });
  return records.length === 0 ? undefined : records.map(({ id }) => `id==${id}`);
}

/** An older daemon ignores these fields, and would remove everything. */
async function requireLimits(channel: Channel): Promise<void> {
  const version = await daemonVersion(channel);
  if (isAtLeast(version, 17)) return;
  const name = version === undefined ? "this daemon" : `this daemon is BuildKit ${version.version}, which`;
  throw new LuakitError("daemon.old", `${name} knows no limits of used and free space: BuildKit v0.17 does`, {
    hint: "--reserved-space and --keep-duration work with every daemon",
  });
}
