import type { StatusResponse, VertexStatus } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";

/** Bytes moved and to move, as far as they are known. */
export interface StatusProgress {
  readonly current?: number;
  readonly total?: number;
  readonly done?: boolean;
}

/** Work of this client that is shown like a vertex of the daemon. */
export interface ClientVertex {
  /** Tells of a part of the work; may be called as often as there is news. */
  status(id: string, progress?: StatusProgress): void;
  log(text: string): void;
  done(): void;
  fail(error: string): void;
}

/** Milliseconds between messages about the same transfer. */
const pace = 100;

interface Part {
  readonly started: Timestamp;
  readonly told: number;
  readonly current: number;
  readonly total: number;
}

/** Starts a vertex whose messages go to `update`; `digest` is made up by the caller. */
export function startClientVertex(
  digest: string,
  name: string,
  now: () => number,
  update: (status: StatusResponse) => void,
): ClientVertex {
  const started = timestampOf(now());
  const parts = new Map<string, Part>();
  const vertex = { digest, inputs: [], name, cached: false, error: "", started };
  let ended = false;
  const tell = (part: Partial<StatusResponse>) => {
    if (!ended) update({ vertexes: [], statuses: [], logs: [], warnings: [], ...part });
  };
  const end = (error: string) => {
    for (const [id, { current, total }] of parts) status(id, { current, total, done: true });
    tell({ vertexes: [{ ...vertex, error, completed: timestampOf(now()) }] });
    ended = true;
  };
  const status = (id: string, { current = 0, total = 0, done = false }: StatusProgress = {}) => {
    const time = now();
    const known = parts.get(id);
    const part = { started: known?.started ?? timestampOf(time), told: time, current, total };
    const isNews = known === undefined || done || time - known.told >= pace;
    parts.set(id, isNews ? part : { ...part, told: known.told });
    if (isNews) tell({ statuses: [statusOf(digest, id, part, done ? timestampOf(time) : undefined)] });
    if (done) parts.delete(id);
  };
  tell({ vertexes: [vertex] });
  return {
    status,
    log: (text) =>
      tell({
        logs: [{ vertex: digest, stream: 1, timestamp: timestampOf(now()), msg: new TextEncoder().encode(text) }],
      }),
    done: () => end(""),
    fail: end,
  };
}

function statusOf(vertex: string, ID: string, part: Part, completed: Timestamp | undefined): VertexStatus {
  const { started, told, current, total } = part;
  return { vertex, ID, name: "", current, total, timestamp: timestampOf(told), started, completed };
}

function timestampOf(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) % 1e9 };
}
