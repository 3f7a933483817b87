import type { Timestamp } from "../gen/timestamp.ts";

/** A time in milliseconds since 1970 as a message has it. */
export function toTimestamp(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}
