/** When a vertex ran, in milliseconds since the epoch; no `stop` while it runs. */
export interface Interval {
  readonly start: number;
  readonly stop: number | undefined;
}

/** The intervals in order of time, those that overlap or touch joined. One without an end takes all that follow. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  if (intervals.length < 2) return [...intervals];
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || (last.stop !== undefined && last.stop < next.start)) merged.push(next);
    else if (last.stop === undefined) break;
    else if (next.stop === undefined || next.stop > last.stop) {
      merged[merged.length - 1] = { start: last.start, stop: next.stop };
    }
  }
  return merged;
}

/** How long merged intervals last together; one that runs lasts until `now`. */
export function totalTime(merged: readonly Interval[], now: number): number {
  return merged.reduce((sum, { start, stop }) => sum + Math.max(0, (stop ?? now) - start), 0);
}
