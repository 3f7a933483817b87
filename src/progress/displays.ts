import type { OpenDisplay } from "./display.ts";
import { type ProgressMode, settleMode } from "./mode.ts";
import type { ProgressOutput, Variables } from "./output.ts";
import { QuietDisplay } from "./quiet-display.ts";

/** A mode other than `auto`, and what shows it. */
export interface ShownMode {
  readonly mode: ProgressMode;
  readonly open: OpenDisplay;
}

const quiet: ShownMode = { mode: "quiet", open: (_, output) => new QuietDisplay(output) };

/** Shows nothing. */
export const silent: ShownMode = { mode: "none", open: () => new QuietDisplay(undefined) };

/** What shows a mode; the others are not even loaded. `tty` without a terminal is a usage error. */
export async function loadMode(mode: ProgressMode, output: ProgressOutput, variables: Variables): Promise<ShownMode> {
  const settled = settleMode(mode, output, variables);
  if (settled === "tty") return { mode: settled, open: (await import("./tty.ts")).openTty };
  if (settled === "plain") return { mode: settled, open: (await import("./plain.ts")).openPlain };
  if (settled === "rawjson") return { mode: settled, open: (await import("./raw-json-display.ts")).openRawJson };
  return settled === "quiet" ? quiet : silent;
}
