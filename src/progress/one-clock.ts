import type { StatusResponse } from "../gen/control.ts";
import { clockAhead, shiftTimes } from "./shift-times.ts";
import type { Clock } from "./trace.ts";

/** Milliseconds by which clocks must differ: less may be the way of a message. */
const least = 1000;

/**
 * Hands messages on with all times by one clock: the daemon's messages as they are, those of this client by the daemon's
 * clock, where that is known to be another.
 */
export function withOneClock(
  now: () => number,
  take: (status: StatusResponse) => void,
): (status: StatusResponse, clock: Clock) => void {
  let ahead: number | undefined;
  return (status, clock) => {
    if (clock === "daemon") ahead ??= clockAhead(status, now());
    const differs = clock === "client" && ahead !== undefined && Math.abs(ahead) >= least;
    take(differs ? shiftTimes(status, ahead ?? 0) : status);
  };
}
