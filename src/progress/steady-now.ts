/** Milliseconds since the epoch by the clock that the process started with: whoever sets the machine's clock does not move it. */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
