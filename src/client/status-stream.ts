import { Control, type StatusResponse } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";

/** Milliseconds that the last messages of an interrupted build may take. */
const hurry = 700;

/** The status of a build while it runs. */
export interface StatusStream {
  /** Resolves when no more messages come. */
  readonly finished: Promise<void>;
  /** Waits until the daemon has said everything, or has said nothing for so many milliseconds. */
  end(patience: number): Promise<void>;
}

/** Hands on every status message of a build. It lives on when the build fails, so that the last messages come through. */
export function followStatus(
  channel: Channel,
  ref: string,
  onStatus: (status: StatusResponse) => Promise<void> | undefined,
  signal?: AbortSignal,
): StatusStream {
  const stop = new AbortController();
  const stopped = new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  let last = performance.now();
  let isWaiting = false;
  let isFinished = false;
  const finished = follow().then(() => {
    isFinished = true;
  });
  async function follow(): Promise<void> {
    try {
      for await (const status of channel.stream(Control.Status, { Ref: ref }, { signal: stop.signal })) {
        last = performance.now();
        isWaiting = true;
        await onStatus(status);
        isWaiting = false;
        last = performance.now();
      }
    } catch {
      // What ended the stream ends the build too, and is told there.
    }
  }
  return {
    finished,
    async end(patience) {
      if (isFinished) return;
      const start = performance.now();
      const isOver = () => {
        if (signal?.aborted === true) return performance.now() - start > hurry;
        return !isWaiting && performance.now() - Math.max(last, start) > patience;
      };
      const timer = setInterval(() => isOver() && stop.abort(), 50);
      // A message may wait for a reader that takes nothing.
      await Promise.race([finished, stopped]);
      clearInterval(timer);
    },
  };
}
