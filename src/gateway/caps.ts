import type { APICap } from "../gen/caps.ts";

/** The ids of the capabilities that are enabled. */
export function readCaps(caps: readonly APICap[]): ReadonlySet<string> {
  return new Set(caps.filter((cap) => cap.Enabled).map((cap) => cap.ID));
}
