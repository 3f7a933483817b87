import type { ShownMode } from "../../src/progress/displays.ts";
import { silent } from "../../src/progress/displays.ts";
import { type ProgressMode, settleMode } from "../../src/progress/mode.ts";
import type { ProgressOutput } from "../../src/progress/output.ts";
import { openPlain } from "../../src/progress/plain.ts";
import { openProgress as open, type Progress, type ProgressOptions } from "../../src/progress/progress.ts";
import { QuietDisplay } from "../../src/progress/quiet-display.ts";
import { openRawJson } from "../../src/progress/raw-json-display.ts";
import { openTty } from "../../src/progress/tty.ts";

const displays: Readonly<Partial<Record<ProgressMode, ShownMode["open"]>>> = {
  tty: openTty,
  plain: openPlain,
  rawjson: openRawJson,
  quiet: (_, output) => new QuietDisplay(output),
};

/** Begins to show a build in a mode whose display is here already. */
export function openProgress(mode: ProgressMode, output: ProgressOutput, options: ProgressOptions): Progress {
  const settled = settleMode(mode, output, options.variables);
  return open({ mode: settled, open: displays[settled] ?? silent.open }, output, options);
}
