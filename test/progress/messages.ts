import type { StatusResponse, Vertex, VertexStatus, VertexWarning } from "../../src/gen/control.ts";
import type { Timestamp } from "../../src/gen/timestamp.ts";

/** The daemon's clock in tests: seconds after some point. */
export function at(seconds: number): Timestamp {
  const whole = Math.floor(seconds);
  return { seconds: 1_900_000_000 + whole, nanos: Math.round((seconds - whole) * 1e9) };
}

export function message(parts: Partial<StatusResponse>): StatusResponse {
  return { vertexes: [], statuses: [], logs: [], warnings: [], ...parts };
}

/** A vertex called `name`; times in seconds. */
export function vertex(name: string, started?: number, completed?: number, rest: Partial<Vertex> = {}): StatusResponse {
  const times = {
    started: started === undefined ? undefined : at(started),
    completed: completed === undefined ? undefined : at(completed),
  };
  return message({
    vertexes: [{ digest: `sha256:${name}`, inputs: [], name, cached: false, error: "", ...times, ...rest }],
  });
}

export function status(
  name: string,
  ID: string,
  started: number,
  rest: { current?: number; total?: number; now?: number; completed?: number } = {},
): StatusResponse {
  const { current = 0, total = 0, now = started, completed } = rest;
  const item: VertexStatus = {
    ID,
    vertex: `sha256:${name}`,
    name: "",
    current,
    total,
    timestamp: at(completed ?? now),
    started: at(started),
    completed: completed === undefined ? undefined : at(completed),
  };
  return message({ statuses: [item] });
}

export function log(name: string, time: number, text: string | Uint8Array, stream = 1): StatusResponse {
  const msg = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return message({ logs: [{ vertex: `sha256:${name}`, timestamp: at(time), stream, msg }] });
}

export function warning(name: string, short: string, rest: Partial<VertexWarning> = {}): StatusResponse {
  const item = {
    vertex: `sha256:${name}`,
    level: 1,
    short: new TextEncoder().encode(short),
    detail: [],
    url: "",
    ranges: [],
  };
  return message({ warnings: [{ ...item, ...rest }] });
}
