import type { Flag } from "./command.ts";

/** The flags of commands that can run again whenever what they read changes. */
export const watchFlags = {
  watch: { type: "boolean", doc: "run again whenever a file changes that was read, until Ctrl-C" },
  poll: { type: "boolean", doc: "with --watch: look at files each second, where the system tells of no changes" },
} as const satisfies Record<string, Flag>;
