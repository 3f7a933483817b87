import type { BuildHistoryRecord, BuildResultInfo, Descriptor } from "../gen/control.ts";
import { statusCode } from "../rpc/status.ts";
import { millisecondsOf } from "./timestamp.ts";

export type BuildStatus = "running" | "completed" | "error" | "canceled";

/** What a daemon remembers of a build. Times are milliseconds since 1970. */
export interface BuildRecord {
  readonly ref: string;
  readonly status: BuildStatus;
  readonly createdAt: number | undefined;
  /** Undefined while it runs. */
  readonly completedAt: number | undefined;
  /** `dockerfile.v0`, `gateway.v0`; empty when the client is the frontend or gave a Definition. */
  readonly frontend: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly exporters: readonly { readonly type: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** What exporters said: client.md lists the keys. */
  readonly response: Readonly<Record<string, string>>;
  readonly steps: { readonly total: number; readonly completed: number; readonly cached: number };
  readonly warnings: number;
  /** Why it failed: a gRPC code, and the message without what only the build's own client is told. */
  readonly error: { readonly code: number; readonly message: string } | undefined;
  /** The garbage collection of the history passes it by. */
  readonly pinned: boolean;
  /** What it made: images, indexes and attestations. */
  readonly results: readonly Attachment[];
  readonly logs: Blob | undefined;
  /** JSON of OpenTelemetry spans. */
  readonly trace: Blob | undefined;
  /** A google.rpc.Status with every detail of the error; since v0.15. */
  readonly externalError: Blob | undefined;
}

/** Content that the daemon keeps. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Attachment extends Blob {
  /** `linux/amd64`; undefined when the build has one platform, which needs no name. */
  readonly platform: string | undefined;
  /** The predicate of an attestation, such as `https://slsa.dev/provenance/v1`, else the media type. */
  readonly type: string;
}

export function readBuildRecord(record: BuildHistoryRecord): BuildRecord {
  const { error } = record;
  return {
    ref: record.Ref,
    status: statusOfRecord(record),
    createdAt: millisecondsOf(record.CreatedAt),
    completedAt: millisecondsOf(record.CompletedAt),
    frontend: record.Frontend,
    attributes: record.FrontendAttrs,
    exporters: record.Exporters.map(({ Type, Attrs }) => ({ type: Type, attributes: Attrs })),
    response: record.ExporterResponse,
    steps: { total: record.numTotalSteps, completed: record.numCompletedSteps, cached: record.numCachedSteps },
    warnings: record.numWarnings,
    error: error === undefined ? undefined : { code: error.code, message: error.message },
    pinned: record.pinned,
    results: readResults(record),
    logs: readBlob(record.logs),
    trace: readBlob(record.trace),
    externalError: readBlob(record.externalError),
  };
}

function statusOfRecord({ CompletedAt, error }: BuildHistoryRecord): BuildStatus {
  if (millisecondsOf(CompletedAt) === undefined) return "running";
  if (error === undefined) return "completed";
  const canceled = error.code === statusCode.cancelled || error.message.includes("context canceled");
  return canceled ? "canceled" : "error";
}

function readResults({ Result, Results }: BuildHistoryRecord): readonly Attachment[] {
  const all = [[undefined, Result] as const, ...Object.entries(Results)];
  return all.flatMap(([platform, result]) => (result === undefined ? [] : attachmentsOf(result, platform)));
}

function attachmentsOf(result: BuildResultInfo, platform: string | undefined): readonly Attachment[] {
  const { ResultDeprecated, Results, Attestations } = result;
  const made = Object.values(Results);
  const first = ResultDeprecated === undefined || made.length > 0 ? made : [ResultDeprecated];
  return [...first, ...Attestations].map((descriptor) => readAttachment(descriptor, platform));
}

function readAttachment(descriptor: Descriptor, platform: string | undefined): Attachment {
  const { media_type, digest, size, annotations } = descriptor;
  const type = annotations["in-toto.io/predicate-type"] ?? media_type;
  return { mediaType: media_type, digest, size, annotations, platform, type };
}

function readBlob(descriptor: Descriptor | undefined): Blob | undefined {
  if (descriptor === undefined) return undefined;
  const { media_type, digest, size, annotations } = descriptor;
  return { mediaType: media_type, digest, size, annotations };
}
