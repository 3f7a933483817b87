import type { Timestamp } from "../gen/timestamp.ts";

/** Milliseconds since 1970; undefined for no time, which Go also writes as the year 1. */
export function millisecondsOf(timestamp: Timestamp | undefined): number | undefined {
  if (timestamp === undefined || timestamp.seconds < 0) return undefined;
  // No clock has a later one, and no Date can hold one.
  return Math.min(timestamp.seconds * 1000 + timestamp.nanos / 1e6, 8.64e15);
}
