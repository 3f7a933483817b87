import type { RunOptions } from "../client/run-request.ts";
import type { StatusResponse } from "../gen/control.ts";

/** Progress that keeps what the daemon tells until it counts. */
export interface HeldProgress {
  readonly progress: RunOptions["progress"];
  /** From now on everything is shown, what was kept first. */
  release(): void;
}

/** A script that turns out to be wrong is no build that anybody wants to see: its error says everything. */
export function holdProgress(shown: RunOptions["progress"]): HeldProgress {
  let kept: StatusResponse[] | undefined = [];
  const update = (status: StatusResponse) => {
    if (kept === undefined) shown.update(status);
    else kept.push(status);
  };
  return {
    progress: { ...shown, update },
    release() {
      for (const status of kept ?? []) shown.update(status);
      kept = undefined;
    },
  };
}
