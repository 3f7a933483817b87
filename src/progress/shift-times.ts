import type { StatusResponse } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";

/** Milliseconds by which a daemon's clock is ahead of ours, known from a message with a vertex that starts. */
export function clockAhead({ vertexes }: StatusResponse, now: number): number | undefined {
  const started = vertexes.find((vertex) => vertex.started !== undefined)?.started;
  return started === undefined ? undefined : started.seconds * 1000 + started.nanos / 1e6 - now;
}

/** The same time some milliseconds later. */
export function shiftTime({ seconds, nanos }: Timestamp, milliseconds: number): Timestamp {
  const moved = nanos + Math.round(milliseconds * 1e6);
  const carried = Math.floor(moved / 1e9);
  return { seconds: seconds + carried, nanos: moved - carried * 1e9 };
}

/** The same message some milliseconds later. */
export function shiftTimes(status: StatusResponse, milliseconds: number): StatusResponse {
  const move = (time: Timestamp | undefined) => time && shiftTime(time, milliseconds);
  const { vertexes, statuses, logs, warnings } = status;
  return {
    vertexes: vertexes.map((each) => ({ ...each, started: move(each.started), completed: move(each.completed) })),
    statuses: statuses.map((each) => ({
      ...each,
      timestamp: move(each.timestamp),
      started: move(each.started),
      completed: move(each.completed),
    })),
    logs: logs.map((each) => ({ ...each, timestamp: move(each.timestamp) })),
    warnings,
  };
}
