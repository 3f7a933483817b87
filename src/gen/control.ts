// Made from proto/moby/buildkit/v1/control.proto by scripts/generate.ts.
import { BuildkitVersion, WorkerRecord } from "./worker.ts";
import { Definition, ProgressGroup, Range, SourceInfo } from "./ops.ts";
import { Policy } from "./policy.ts";
import { Status } from "./rpc-status.ts";
import { Timestamp } from "./timestamp.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface PruneRequest {
  readonly filter: readonly string[];
  readonly all: boolean;
  readonly keepDuration: number;
  readonly reservedSpace: number;
  readonly maxUsedSpace: number;
  readonly minFreeSpace: number;
}

export const PruneRequest: Codec<PruneRequest> = /* @__PURE__ */ message(() => [
  [1, "filter", "text", "list"],
  [2, "all", "flag", "plain"],
  [3, "keepDuration", "integer", "plain"],
  [4, "reservedSpace", "integer", "plain"],
  [5, "maxUsedSpace", "integer", "plain"],
  [6, "minFreeSpace", "integer", "plain"],
]);

export interface DiskUsageRequest {
  readonly filter: readonly string[];
  readonly ageLimit: number;
}

export const DiskUsageRequest: Codec<DiskUsageRequest> = /* @__PURE__ */ message(() => [
  [1, "filter", "text", "list"],
  [2, "ageLimit", "integer", "plain"],
]);

export interface DiskUsageResponse {
  readonly record: readonly UsageRecord[];
}

export const DiskUsageResponse: Codec<DiskUsageResponse> = /* @__PURE__ */ message(() => [
  [1, "record", "message", "list", () => UsageRecord],
]);

export interface UsageRecord {
  readonly ID: string;
  readonly Mutable: boolean;
  readonly InUse: boolean;
  readonly Size: number;
  readonly Parent: string;
  readonly CreatedAt?: Timestamp | undefined;
  readonly LastUsedAt?: Timestamp | undefined;
  readonly UsageCount: number;
  readonly Description: string;
  readonly RecordType: string;
  readonly Shared: boolean;
  readonly Parents: readonly string[];
}

export const UsageRecord: Codec<UsageRecord> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "Mutable", "flag", "plain"],
  [3, "InUse", "flag", "plain"],
  [4, "Size", "integer", "plain"],
  [5, "Parent", "text", "plain"],
  [6, "CreatedAt", "message", "optional", () => Timestamp],
  [7, "LastUsedAt", "message", "optional", () => Timestamp],
  [8, "UsageCount", "integer", "plain"],
  [9, "Description", "text", "plain"],
  [10, "RecordType", "text", "plain"],
  [11, "Shared", "flag", "plain"],
  [12, "Parents", "text", "list"],
]);

export interface SolveRequest {
  readonly Ref: string;
  readonly Definition?: Definition | undefined;
  readonly ExporterDeprecated: string;
  readonly ExporterAttrsDeprecated: Readonly<Record<string, string>>;
  readonly Session: string;
  readonly Frontend: string;
  readonly FrontendAttrs: Readonly<Record<string, string>>;
  readonly Cache?: CacheOptions | undefined;
  readonly Entitlements: readonly string[];
  readonly FrontendInputs: Readonly<Record<string, Definition>>;
  readonly Internal: boolean;
  readonly SourcePolicy?: Policy | undefined;
  readonly Exporters: readonly Exporter[];
  readonly EnableSessionExporter: boolean;
  readonly SourcePolicySession: string;
  readonly CompatibilityVersion: number;
  readonly ProxyNetwork: boolean;
}

export const SolveRequest: Codec<SolveRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "Definition", "message", "optional", () => Definition],
  [3, "ExporterDeprecated", "text", "plain"],
  [4, "ExporterAttrsDeprecated", "text", "map"],
  [5, "Session", "text", "plain"],
  [6, "Frontend", "text", "plain"],
  [7, "FrontendAttrs", "text", "map"],
  [8, "Cache", "message", "optional", () => CacheOptions],
  [9, "Entitlements", "text", "list"],
  [10, "FrontendInputs", "message", "map", () => Definition],
  [11, "Internal", "flag", "plain"],
  [12, "SourcePolicy", "message", "optional", () => Policy],
  [13, "Exporters", "message", "list", () => Exporter],
  [14, "EnableSessionExporter", "flag", "plain"],
  [15, "SourcePolicySession", "text", "plain"],
  [16, "CompatibilityVersion", "integer", "plain"],
  [17, "ProxyNetwork", "flag", "plain"],
]);

export interface CacheOptions {
  readonly ExportRefDeprecated: string;
  readonly ImportRefsDeprecated: readonly string[];
  readonly ExportAttrsDeprecated: Readonly<Record<string, string>>;
  readonly Exports: readonly CacheOptionsEntry[];
  readonly Imports: readonly CacheOptionsEntry[];
}

export const CacheOptions: Codec<CacheOptions> = /* @__PURE__ */ message(() => [
  [1, "ExportRefDeprecated", "text", "plain"],
  [2, "ImportRefsDeprecated", "text", "list"],
  [3, "ExportAttrsDeprecated", "text", "map"],
  [4, "Exports", "message", "list", () => CacheOptionsEntry],
  [5, "Imports", "message", "list", () => CacheOptionsEntry],
]);

export interface CacheOptionsEntry {
  readonly Type: string;
  readonly Attrs: Readonly<Record<string, string>>;
}

export const CacheOptionsEntry: Codec<CacheOptionsEntry> = /* @__PURE__ */ message(() => [
  [1, "Type", "text", "plain"],
  [2, "Attrs", "text", "map"],
]);

export interface SolveResponse {
  readonly ExporterResponse: Readonly<Record<string, string>>;
}

export const SolveResponse: Codec<SolveResponse> = /* @__PURE__ */ message(() => [
  [1, "ExporterResponse", "text", "map"],
]);

export interface StatusRequest {
  readonly Ref: string;
}

export const StatusRequest: Codec<StatusRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
]);

export interface StatusResponse {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly VertexWarning[];
}

export const StatusResponse: Codec<StatusResponse> = /* @__PURE__ */ message(() => [
  [1, "vertexes", "message", "list", () => Vertex],
  [2, "statuses", "message", "list", () => VertexStatus],
  [3, "logs", "message", "list", () => VertexLog],
  [4, "warnings", "message", "list", () => VertexWarning],
]);

export interface Vertex {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  readonly started?: Timestamp | undefined;
  readonly completed?: Timestamp | undefined;
  readonly error: string;
  readonly progressGroup?: ProgressGroup | undefined;
}

export const Vertex: Codec<Vertex> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
  [2, "inputs", "text", "list"],
  [3, "name", "text", "plain"],
  [4, "cached", "flag", "plain"],
  [5, "started", "message", "optional", () => Timestamp],
  [6, "completed", "message", "optional", () => Timestamp],
  [7, "error", "text", "plain"],
  [8, "progressGroup", "message", "optional", () => ProgressGroup],
]);

export interface VertexStatus {
  readonly ID: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
  readonly timestamp?: Timestamp | undefined;
  readonly started?: Timestamp | undefined;
  readonly completed?: Timestamp | undefined;
}

export const VertexStatus: Codec<VertexStatus> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "vertex", "text", "plain"],
  [3, "name", "text", "plain"],
  [4, "current", "integer", "plain"],
  [5, "total", "integer", "plain"],
  [6, "timestamp", "message", "optional", () => Timestamp],
  [7, "started", "message", "optional", () => Timestamp],
  [8, "completed", "message", "optional", () => Timestamp],
]);

export interface VertexLog {
  readonly vertex: string;
  readonly timestamp?: Timestamp | undefined;
  readonly stream: number;
  readonly msg: Uint8Array;
}

export const VertexLog: Codec<VertexLog> = /* @__PURE__ */ message(() => [
  [1, "vertex", "text", "plain"],
  [2, "timestamp", "message", "optional", () => Timestamp],
  [3, "stream", "integer", "plain"],
  [4, "msg", "bytes", "plain"],
]);

export interface VertexWarning {
  readonly vertex: string;
  readonly level: number;
  readonly short: Uint8Array;
  readonly detail: readonly Uint8Array[];
  readonly url: string;
  readonly info?: SourceInfo | undefined;
  readonly ranges: readonly Range[];
}

export const VertexWarning: Codec<VertexWarning> = /* @__PURE__ */ message(() => [
  [1, "vertex", "text", "plain"],
  [2, "level", "integer", "plain"],
  [3, "short", "bytes", "plain"],
  [4, "detail", "bytes", "list"],
  [5, "url", "text", "plain"],
  [6, "info", "message", "optional", () => SourceInfo],
  [7, "ranges", "message", "list", () => Range],
]);

export interface BytesMessage {
  readonly data: Uint8Array;
}

export const BytesMessage: Codec<BytesMessage> = /* @__PURE__ */ message(() => [
  [1, "data", "bytes", "plain"],
]);

export interface ListWorkersRequest {
  readonly filter: readonly string[];
}

export const ListWorkersRequest: Codec<ListWorkersRequest> = /* @__PURE__ */ message(() => [
  [1, "filter", "text", "list"],
]);

export interface ListWorkersResponse {
  readonly record: readonly WorkerRecord[];
}

export const ListWorkersResponse: Codec<ListWorkersResponse> = /* @__PURE__ */ message(() => [
  [1, "record", "message", "list", () => WorkerRecord],
]);

export interface InfoRequest {
}

export const InfoRequest: Codec<InfoRequest> = /* @__PURE__ */ message(() => [
]);

export interface InfoResponse {
  readonly buildkitVersion?: BuildkitVersion | undefined;
}

export const InfoResponse: Codec<InfoResponse> = /* @__PURE__ */ message(() => [
  [1, "buildkitVersion", "message", "optional", () => BuildkitVersion],
]);

export interface BuildHistoryRequest {
  readonly ActiveOnly: boolean;
  readonly Ref: string;
  readonly EarlyExit: boolean;
  readonly Filter: readonly string[];
  readonly Limit: number;
}

export const BuildHistoryRequest: Codec<BuildHistoryRequest> = /* @__PURE__ */ message(() => [
  [1, "ActiveOnly", "flag", "plain"],
  [2, "Ref", "text", "plain"],
  [3, "EarlyExit", "flag", "plain"],
  [4, "Filter", "text", "list"],
  [5, "Limit", "integer", "plain"],
]);

export interface BuildHistoryEvent {
  readonly type: number;
  readonly record?: BuildHistoryRecord | undefined;
}

export const BuildHistoryEvent: Codec<BuildHistoryEvent> = /* @__PURE__ */ message(() => [
  [1, "type", "integer", "plain"],
  [2, "record", "message", "optional", () => BuildHistoryRecord],
]);

export interface BuildHistoryRecord {
  readonly Ref: string;
  readonly Frontend: string;
  readonly FrontendAttrs: Readonly<Record<string, string>>;
  readonly Exporters: readonly Exporter[];
  readonly error?: Status | undefined;
  readonly CreatedAt?: Timestamp | undefined;
  readonly CompletedAt?: Timestamp | undefined;
  readonly logs?: Descriptor | undefined;
  readonly ExporterResponse: Readonly<Record<string, string>>;
  readonly Result?: BuildResultInfo | undefined;
  readonly Results: Readonly<Record<string, BuildResultInfo>>;
  readonly Generation: number;
  readonly trace?: Descriptor | undefined;
  readonly pinned: boolean;
  readonly numCachedSteps: number;
  readonly numTotalSteps: number;
  readonly numCompletedSteps: number;
  readonly externalError?: Descriptor | undefined;
  readonly numWarnings: number;
}

export const BuildHistoryRecord: Codec<BuildHistoryRecord> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "Frontend", "text", "plain"],
  [3, "FrontendAttrs", "text", "map"],
  [4, "Exporters", "message", "list", () => Exporter],
  [5, "error", "message", "optional", () => Status],
  [6, "CreatedAt", "message", "optional", () => Timestamp],
  [7, "CompletedAt", "message", "optional", () => Timestamp],
  [8, "logs", "message", "optional", () => Descriptor],
  [9, "ExporterResponse", "text", "map"],
  [10, "Result", "message", "optional", () => BuildResultInfo],
  [11, "Results", "message", "map", () => BuildResultInfo],
  [12, "Generation", "integer", "plain"],
  [13, "trace", "message", "optional", () => Descriptor],
  [14, "pinned", "flag", "plain"],
  [15, "numCachedSteps", "integer", "plain"],
  [16, "numTotalSteps", "integer", "plain"],
  [17, "numCompletedSteps", "integer", "plain"],
  [18, "externalError", "message", "optional", () => Descriptor],
  [19, "numWarnings", "integer", "plain"],
]);

export interface UpdateBuildHistoryRequest {
  readonly Ref: string;
  readonly Pinned: boolean;
  readonly Delete: boolean;
  readonly Finalize: boolean;
}

export const UpdateBuildHistoryRequest: Codec<UpdateBuildHistoryRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "Pinned", "flag", "plain"],
  [3, "Delete", "flag", "plain"],
  [4, "Finalize", "flag", "plain"],
]);

export interface UpdateBuildHistoryResponse {
}

export const UpdateBuildHistoryResponse: Codec<UpdateBuildHistoryResponse> = /* @__PURE__ */ message(() => [
]);

export interface Descriptor {
  readonly media_type: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export const Descriptor: Codec<Descriptor> = /* @__PURE__ */ message(() => [
  [1, "media_type", "text", "plain"],
  [2, "digest", "text", "plain"],
  [3, "size", "integer", "plain"],
  [5, "annotations", "text", "map"],
]);

export interface BuildResultInfo {
  readonly ResultDeprecated?: Descriptor | undefined;
  readonly Attestations: readonly Descriptor[];
  readonly Results: Readonly<Record<string, Descriptor>>;
}

export const BuildResultInfo: Codec<BuildResultInfo> = /* @__PURE__ */ message(() => [
  [1, "ResultDeprecated", "message", "optional", () => Descriptor],
  [2, "Attestations", "message", "list", () => Descriptor],
  [3, "Results", "message", "numbered", () => Descriptor],
]);

export interface Exporter {
  readonly Type: string;
  readonly Attrs: Readonly<Record<string, string>>;
}

export const Exporter: Codec<Exporter> = /* @__PURE__ */ message(() => [
  [1, "Type", "text", "plain"],
  [2, "Attrs", "text", "map"],
]);

export const Control = {
  DiskUsage: { path: "/moby.buildkit.v1.Control/DiskUsage", request: DiskUsageRequest, response: DiskUsageResponse } satisfies Method<DiskUsageRequest, DiskUsageResponse>,
  Prune: { path: "/moby.buildkit.v1.Control/Prune", request: PruneRequest, response: UsageRecord } satisfies Method<PruneRequest, UsageRecord>,
  Solve: { path: "/moby.buildkit.v1.Control/Solve", request: SolveRequest, response: SolveResponse } satisfies Method<SolveRequest, SolveResponse>,
  Status: { path: "/moby.buildkit.v1.Control/Status", request: StatusRequest, response: StatusResponse } satisfies Method<StatusRequest, StatusResponse>,
  Session: { path: "/moby.buildkit.v1.Control/Session", request: BytesMessage, response: BytesMessage } satisfies Method<BytesMessage, BytesMessage>,
  ListWorkers: { path: "/moby.buildkit.v1.Control/ListWorkers", request: ListWorkersRequest, response: ListWorkersResponse } satisfies Method<ListWorkersRequest, ListWorkersResponse>,
  Info: { path: "/moby.buildkit.v1.Control/Info", request: InfoRequest, response: InfoResponse } satisfies Method<InfoRequest, InfoResponse>,
  ListenBuildHistory: { path: "/moby.buildkit.v1.Control/ListenBuildHistory", request: BuildHistoryRequest, response: BuildHistoryEvent } satisfies Method<BuildHistoryRequest, BuildHistoryEvent>,
  UpdateBuildHistory: { path: "/moby.buildkit.v1.Control/UpdateBuildHistory", request: UpdateBuildHistoryRequest, response: UpdateBuildHistoryResponse } satisfies Method<UpdateBuildHistoryRequest, UpdateBuildHistoryResponse>,
} as const;
