import { Control, type UsageRecord as WireRecord } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import { millisecondsOf } from "./timestamp.ts";
import type { UsageFilter } from "./usage-filter.ts";

/** One record of a daemon's cache. Times are milliseconds since 1970. */
export interface CacheRecord {
  readonly id: string;
  /** `regular`, `source.local`, `source.git.checkout`, `exec.cachemount`, `frontend`, `internal`. */
  readonly type: string;
  readonly description: string;
  /** Bytes. */
  readonly size: number;
  /** A build uses it now, so that it cannot be pruned. */
  readonly inUse: boolean;
  readonly mutable: boolean;
  /** Its bytes are also part of an image or of another record outside the cache. */
  readonly shared: boolean;
  readonly parents: readonly string[];
  readonly createdAt: number | undefined;
  readonly lastUsedAt: number | undefined;
  readonly usageCount: number;
}

/** Bytes of a cache. */
export interface DiskTotals {
  readonly total: number;
  readonly reclaimable: number;
  readonly shared: number;
  readonly private: number;
}

/** The cache records that match, the biggest first. */
export async function readDiskUsage(channel: Channel, { terms, age }: UsageFilter): Promise<readonly CacheRecord[]> {
  const { record } = await channel.unary(Control.DiskUsage, { filter: terms.length === 0 ? [] : [terms.join(",")] });
  const latest = age === undefined ? undefined : Date.now() - age / 1e6;
  return record
    .map(readRecord)
    .filter(({ lastUsedAt, createdAt }) => latest === undefined || (lastUsedAt ?? createdAt ?? 0) <= latest)
    .sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1));
}

/** What records need together, as buildctl adds it up. */
export function addUp(records: readonly CacheRecord[]): DiskTotals {
  const sum = (chosen: readonly CacheRecord[]) => chosen.reduce((bytes, { size }) => bytes + size, 0);
  const total = sum(records);
  const shared = sum(records.filter((record) => record.shared));
  return { total, reclaimable: sum(records.filter(({ inUse }) => !inUse)), shared, private: total - shared };
}

export function readRecord(record: WireRecord): CacheRecord {
  return {
    id: record.ID,
    type: record.RecordType,
    description: record.Description,
    size: record.Size,
    inUse: record.InUse,
    mutable: record.Mutable,
    shared: record.Shared,
    parents: record.Parents.length > 0 || record.Parent === "" ? record.Parents : [record.Parent],
    createdAt: millisecondsOf(record.CreatedAt),
    lastUsedAt: millisecondsOf(record.LastUsedAt),
    usageCount: record.UsageCount,
  };
}
