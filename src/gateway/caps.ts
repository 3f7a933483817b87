import type { APICap } from "../gen/caps.ts";

/** Of a capability, what says whether it is there. */
export type Cap = Pick<APICap, "ID" | "Enabled">;

/** The ids of the capabilities that are enabled. */
export function readCaps(caps: readonly Cap[]): ReadonlySet<string> {
  const enabled = new Set<string>();
  for (const { ID, Enabled } of caps) if (Enabled) enabled.add(ID);
  return enabled;
}
