import type { RunOptions } from "../client/run-request.ts";

/** Progress that keeps what there is to tell until it counts. */
export interface HeldProgress {
  readonly progress: RunOptions["progress"];
  /** Does what shows something: now, or when that counts. */
  show(tell: () => void): void;
  /** From now on everything is shown, what was kept first. */
  release(): void;
}

/** A script that turns out to be wrong is no build that anybody wants to see: its error says everything. */
export function holdProgress(shown: RunOptions["progress"]): HeldProgress {
  let kept: (() => void)[] | undefined = [];
  const show = (tell: () => void) => {
    if (kept === undefined) tell();
    else kept.push(tell);
  };
  return {
    progress: { ...shown, update: (status) => show(() => shown.update(status)) },
    show,
    release() {
      for (const tell of kept ?? []) tell();
      kept = undefined;
    },
  };
}
