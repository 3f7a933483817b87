import { Control, type StatusResponse } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";

/** The status of a build while it runs. */
export interface StatusStream {
  /** Waits until the daemon has said everything, or has said nothing for so many milliseconds. */
  end(patience: number): Promise<void>;
}

/** Hands on every status message of a build. It lives on when the build fails, so that the last messages come through. */
export function followStatus(
  channel: Channel,
  ref: string,
  onStatus: (status: StatusResponse) => Promise<void> | undefined,
): StatusStream {
  const stop = new AbortController();
  let last = Date.now();
  const finished = follow();
  async function follow(): Promise<void> {
    try {
      for await (const status of channel.stream(Control.Status, { Ref: ref }, { signal: stop.signal })) {
        last = Date.now();
        await onStatus(status);
        last = Date.now();
      }
    } catch {
      // What ended the stream ends the build too, and is told there.
    }
  }
  return {
    async end(patience) {
      const silence = { timer: setInterval(() => Date.now() - last > patience && stop.abort(), 100) };
      last = Date.now();
      await finished;
      clearInterval(silence.timer);
    },
  };
}
