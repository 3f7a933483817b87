import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { runsInCi } from "../host/ci.ts";
import type { ProgressOutput, Variables } from "./output.ts";

export const progressModes = ["auto", "tty", "plain", "rawjson", "quiet", "none"] as const;

/** How a build is shown; `auto` is `tty` on a terminal where somebody may look at it, and `plain` elsewhere. */
export type ProgressMode = (typeof progressModes)[number];

/** The mode of `--progress`, else of BUILDKIT_PROGRESS; a name that there is not is a usage error. */
export function parseProgressMode(flag: string | undefined, variables: Variables): ProgressMode {
  const name = flag ?? (variables.BUILDKIT_PROGRESS || "auto");
  const mode = progressModes.find((known) => known === name);
  if (mode !== undefined) return mode;
  const where = flag === undefined ? "BUILDKIT_PROGRESS" : "--progress";
  throw new LuakitError("usage", `${where}: unknown mode "${name}"${didYouMean(name, progressModes)}`, {
    hint: `modes are ${progressModes.join(", ")}`,
  });
}

/** What `auto` means here; `tty` without a terminal is a usage error. */
export function settleMode(mode: ProgressMode, output: ProgressOutput, variables: Variables): ProgressMode {
  if (mode === "auto") {
    return output.isTerminal && variables.TERM !== "dumb" && !runsInCi(variables) ? "tty" : "plain";
  }
  if (mode !== "tty" || output.isTerminal) return mode;
  throw new LuakitError("usage", "--progress=tty: stderr is not a terminal", { hint: "use --progress=plain" });
}
