import type { Timestamp } from "../gen/timestamp.ts";

/** Milliseconds since 1970; undefined for no time, which Go also writes as the year 1. */
export function millisecondsOf(timestamp: Timestamp | undefined): number | undefined {
  if (timestamp === undefined || timestamp.seconds < 0) return undefined;
  return timestamp.seconds * 1000 + timestamp.nanos / 1e6;
}
