import type { CacheRecord } from "../client/disk-usage.ts";
import { formatBytes } from "../progress/format.ts";
import { oneLine } from "../progress/harmless.ts";
import { formatAge, formatTime } from "./human-time.ts";
import { type Column, formatFields, shorten } from "./table.ts";

export const recordColumns: readonly Column[] = [
  { title: "ID" },
  { title: "SIZE", align: "right" },
  { title: "LAST USED" },
  { title: "TYPE" },
  { title: "STATE" },
  { title: "DESCRIPTION" },
];

/** A record's cells; `short` keeps the description within what fits beside the others in a terminal. */
export function recordRow(record: CacheRecord, now: number, short: boolean): readonly string[] {
  const description = oneLine(record.description);
  return [
    record.id,
    formatBytes(record.size, 2),
    formatAge(record.lastUsedAt ?? record.createdAt, now),
    record.type,
    stateOf(record),
    short ? shorten(description, 48) : description,
  ];
}

/** Every field of a record. */
export function describeRecord(record: CacheRecord): string {
  return formatFields([
    ["ID", record.id],
    ["Type", record.type],
    ["Description", oneLine(record.description)],
    ["Size", formatBytes(record.size, 2)],
    ["State", stateOf(record) || "reclaimable"],
    ["Parents", record.parents.join("\n")],
    ["Created", formatTime(record.createdAt)],
    ["Last used", formatTime(record.lastUsedAt)],
    ["Used", `${record.usageCount} ${record.usageCount === 1 ? "time" : "times"}`],
  ]);
}

/** Times are ISO 8601. */
export function recordToJson({ createdAt, lastUsedAt, ...record }: CacheRecord): object {
  return { ...record, createdAt: isoTime(createdAt), lastUsedAt: isoTime(lastUsedAt) };
}

export function isoTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function stateOf({ inUse, mutable, shared }: CacheRecord): string {
  return [inUse && "in use", mutable && "mutable", shared && "shared"].filter((word) => word !== false).join(", ");
}
