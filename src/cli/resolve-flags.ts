import type { Flag } from "./command.ts";

/** The flags of commands that ask registries for base images. */
export const resolveFlags = {
  "no-resolve": {
    type: "boolean",
    doc: "do not ask registries for the config of base images: steps then start at / with the daemon's PATH",
  },
} as const satisfies Record<string, Flag>;
