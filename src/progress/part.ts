import type { StatusResponse, Vertex } from "../gen/control.ts";
import type { Timestamp } from "../gen/timestamp.ts";
import type { Progress } from "./progress.ts";
import { clockAhead, shiftTime } from "./shift-times.ts";

/** What one of several daemons may tell of its part of a build. */
export type PartialProgress = Pick<Progress, "update" | "clientVertex" | "drained">;

/**
 * The progress of one of several builds that are shown as one. Its vertices have `label` before their names and digests
 * of their own, for two daemons may run the same; its daemon's clock is set by ours.
 */
export function progressPart(
  label: string,
  { take, now, clientVertex, drained }: Pick<Progress, "take" | "now" | "clientVertex" | "drained">,
): PartialProgress {
  const digests = new Map<string, string>();
  const own = (digest: string) => {
    const known = digests.get(digest) ?? labelledDigest(label, digest);
    digests.set(digest, known);
    return known;
  };
  let ahead: number | undefined;
  return {
    update(status) {
      ahead ??= clockAhead(status, now());
      take(relabel(status, label, own, -(ahead ?? 0)));
    },
    clientVertex: (name) => clientVertex(labelled(label, name)),
    drained,
  };
}

/** As the Dockerfile frontend does it: `[internal] load` is `[LABEL internal] load`. */
function labelled(label: string, name: string): string {
  return name.startsWith("[") ? `[${label} ${name.slice(1)}` : `[${label}] ${name}`;
}

function relabel(
  { vertexes, statuses, logs, warnings }: StatusResponse,
  label: string,
  own: (digest: string) => string,
  milliseconds: number,
): StatusResponse {
  const move = (time: Timestamp | undefined) => (time === undefined ? undefined : shiftTime(time, milliseconds));
  const rename = (vertex: Vertex): Vertex => ({
    ...vertex,
    digest: own(vertex.digest),
    inputs: vertex.inputs.map(own),
    name: labelled(label, vertex.name),
    started: move(vertex.started),
    completed: move(vertex.completed),
    progressGroup: vertex.progressGroup && {
      ...vertex.progressGroup,
      id: `${label} ${vertex.progressGroup.id}`,
      name: labelled(label, vertex.progressGroup.name),
    },
  });
  return {
    vertexes: vertexes.map(rename),
    statuses: statuses.map((status) => ({
      ...status,
      vertex: own(status.vertex),
      timestamp: move(status.timestamp),
      started: move(status.started),
      completed: move(status.completed),
    })),
    logs: logs.map((log) => ({ ...log, vertex: own(log.vertex), timestamp: move(log.timestamp) })),
    warnings: warnings.map((warning) => ({ ...warning, vertex: own(warning.vertex) })),
  };
}

/** What the digest of a vertex becomes in the progress of several builds. */
export function labelledDigest(label: string, digest: string): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(`${label}\n${digest}`).digest("hex")}`;
}
