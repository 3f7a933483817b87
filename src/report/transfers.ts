import type { CollectedStatus, CollectedVertex } from "./collector.ts";
import type { ReportPhase, ReportTransfer } from "./report-data.ts";

/** What a vertex moved, and the other parts of its work. */
export interface Work {
  readonly transfers: readonly ReportTransfer[];
  readonly phases: readonly ReportPhase[];
}

type Kind = ReportTransfer["kind"];

/** By the words of BuildKit's exporters and sources, the first that fits. */
const byStatus: readonly (readonly [RegExp, Kind])[] = [
  [/^transferring\b/, "context"],
  [/^pushing\b/, "push"],
  [/^loading\b/, "load"],
  [/^(exporting|sending tarball|copying files|writing)\b/, "export"],
];
const byVertex: readonly (readonly [RegExp, Kind])[] = [
  [/(^|\] )(exporting to image|pushing)\b/, "push"],
  [/(^|\] )(exporting cache|importing cache)\b/, "other"],
  [/(^|\] )(exporting|copying files)\b/, "export"],
  [/(^|\] )loading\b/, "load"],
  [/(^|\] )(local:\/\/|load build context|load build definition|load \.dockerignore)/, "context"],
  [/(^|\] )((docker-image|oci-layout|https?|docker-image\+blob|git):\/\/|FROM |from |load metadata)/, "pull"],
];

/** Of these the daemon may not say how many bytes they are. */
const moves = /^(transferring|pushing|sending tarball|copying files|loading)\b/;

export interface ReadWorkOptions {
  /** From when times count. */
  readonly origin: number;
  /** When what has no end was over. */
  readonly end: number;
  /** The bytes of files that exporters sent, by the name of the exporter's vertex. */
  readonly sent: ReadonlyMap<string, number>;
  readonly clean: (text: string) => string;
}

/** The parts of a vertex's work. */
export function readWork({ name, intervals, statuses }: CollectedVertex, options: ReadWorkOptions): Work {
  const { origin, end, sent, clean } = options;
  const transfers: ReportTransfer[] = [];
  const phases: ReportPhase[] = [];
  for (const status of statuses) {
    const start = status.started ?? intervals[0]?.start;
    if (start === undefined) continue;
    const stop = status.completed ?? Math.max(status.told, Math.min(end, intervals.at(-1)?.stop ?? end));
    const part = { id: clean(status.id), start: since(origin, start), end: since(origin, Math.max(start, stop)) };
    const bytes = status.bytes === 0 && status.id === "sending tarball" ? (sent.get(name) ?? 0) : status.bytes;
    if (bytes === 0 && status.total === 0 && !moves.test(status.id)) phases.push(part);
    else transfers.push({ ...part, kind: kindOf(name, status), bytes, total: status.total });
  }
  return { transfers, phases };
}

function kindOf(vertex: string, { id }: CollectedStatus): Kind {
  const known = byStatus.find(([pattern]) => pattern.test(id)) ?? byVertex.find(([pattern]) => pattern.test(vertex));
  return known?.[1] ?? "other";
}

/** Milliseconds with as many digits as matter. */
export function since(origin: number, time: number): number {
  return Math.round((time - origin) * 1000) / 1000;
}
