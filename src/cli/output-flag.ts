import type { Flag } from "./command.ts";

/** `--output` of the commands that build. */
export const outputFlag = {
  type: "string",
  short: "o",
  value: "OUTPUT",
  repeatable: true,
  doc: "what to do with the result: type=image|local|tar|oci|docker,…, DIR, or - for a tar",
} as const satisfies Flag;
