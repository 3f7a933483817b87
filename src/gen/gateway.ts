// Made from proto/moby/buildkit/v1/frontend/gateway.proto by scripts/generate.ts.
import { APICap } from "./caps.ts";
import { Definition, HostIP, Meta, Mount, Platform, Range, SecretEnv, SourceInfo, SourceOp, WorkerConstraints } from "./ops.ts";
import { Policy } from "./policy.ts";
import { Stat } from "./fsutil.ts";
import { Status } from "./rpc-status.ts";
import { Timestamp } from "./timestamp.ts";
import { WorkerRecord } from "./worker.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface Result {
  readonly refDeprecated?: string | undefined;
  readonly refsDeprecated?: RefMapDeprecated | undefined;
  readonly ref?: Ref | undefined;
  readonly refs?: RefMap | undefined;
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly attestations: Readonly<Record<string, Attestations>>;
}

export const Result: Codec<Result> = /* @__PURE__ */ message(() => [
  [1, "refDeprecated", "text", "optional"],
  [2, "refsDeprecated", "message", "optional", () => RefMapDeprecated],
  [3, "ref", "message", "optional", () => Ref],
  [4, "refs", "message", "optional", () => RefMap],
  [10, "metadata", "bytes", "map"],
  [12, "attestations", "message", "map", () => Attestations],
]);

export interface RefMapDeprecated {
  readonly refs: Readonly<Record<string, string>>;
}

export const RefMapDeprecated: Codec<RefMapDeprecated> = /* @__PURE__ */ message(() => [
  [1, "refs", "text", "map"],
]);

export interface Ref {
  readonly id: string;
  readonly def?: Definition | undefined;
}

export const Ref: Codec<Ref> = /* @__PURE__ */ message(() => [
  [1, "id", "text", "plain"],
  [2, "def", "message", "optional", () => Definition],
]);

export interface RefMap {
  readonly refs: Readonly<Record<string, Ref>>;
}

export const RefMap: Codec<RefMap> = /* @__PURE__ */ message(() => [
  [1, "refs", "message", "map", () => Ref],
]);

export interface Attestations {
  readonly attestation: readonly Attestation[];
}

export const Attestations: Codec<Attestations> = /* @__PURE__ */ message(() => [
  [1, "attestation", "message", "list", () => Attestation],
]);

export interface Attestation {
  readonly kind: number;
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  readonly ref?: Ref | undefined;
  readonly path: string;
  readonly inTotoPredicateType: string;
  readonly inTotoSubjects: readonly InTotoSubject[];
}

export const Attestation: Codec<Attestation> = /* @__PURE__ */ message(() => [
  [1, "kind", "integer", "plain"],
  [2, "metadata", "bytes", "map"],
  [3, "ref", "message", "optional", () => Ref],
  [4, "path", "text", "plain"],
  [5, "inTotoPredicateType", "text", "plain"],
  [6, "inTotoSubjects", "message", "list", () => InTotoSubject],
]);

export interface InTotoSubject {
  readonly kind: number;
  readonly digest: readonly string[];
  readonly name: string;
}

export const InTotoSubject: Codec<InTotoSubject> = /* @__PURE__ */ message(() => [
  [1, "kind", "integer", "plain"],
  [2, "digest", "text", "list"],
  [3, "name", "text", "plain"],
]);

export interface ReturnRequest {
  readonly result?: Result | undefined;
  readonly error?: Status | undefined;
}

export const ReturnRequest: Codec<ReturnRequest> = /* @__PURE__ */ message(() => [
  [1, "result", "message", "optional", () => Result],
  [2, "error", "message", "optional", () => Status],
]);

export interface ReturnResponse {
}

export const ReturnResponse: Codec<ReturnResponse> = /* @__PURE__ */ message(() => [
]);

export interface InputsRequest {
}

export const InputsRequest: Codec<InputsRequest> = /* @__PURE__ */ message(() => [
]);

export interface InputsResponse {
  readonly Definitions: Readonly<Record<string, Definition>>;
}

export const InputsResponse: Codec<InputsResponse> = /* @__PURE__ */ message(() => [
  [1, "Definitions", "message", "map", () => Definition],
]);

export interface ResolveImageConfigRequest {
  readonly Ref: string;
  readonly Platform?: Platform | undefined;
  readonly ResolveMode: string;
  readonly LogName: string;
  readonly ResolverType: number;
  readonly SessionID: string;
  readonly StoreID: string;
  readonly SourcePolicies: readonly Policy[];
}

export const ResolveImageConfigRequest: Codec<ResolveImageConfigRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "Platform", "message", "optional", () => Platform],
  [3, "ResolveMode", "text", "plain"],
  [4, "LogName", "text", "plain"],
  [5, "ResolverType", "integer", "plain"],
  [6, "SessionID", "text", "plain"],
  [7, "StoreID", "text", "plain"],
  [8, "SourcePolicies", "message", "list", () => Policy],
]);

export interface ResolveImageConfigResponse {
  readonly Digest: string;
  readonly Config: Uint8Array;
  readonly Ref: string;
}

export const ResolveImageConfigResponse: Codec<ResolveImageConfigResponse> = /* @__PURE__ */ message(() => [
  [1, "Digest", "text", "plain"],
  [2, "Config", "bytes", "plain"],
  [3, "Ref", "text", "plain"],
]);

export interface ResolveSourceMetaRequest {
  readonly Source?: SourceOp | undefined;
  readonly Platform?: Platform | undefined;
  readonly LogName: string;
  readonly ResolveMode: string;
  readonly Git?: ResolveSourceGitRequest | undefined;
  readonly Image?: ResolveSourceImageRequest | undefined;
  readonly HTTP?: ResolveSourceHTTPRequest | undefined;
  readonly SourcePolicies: readonly Policy[];
}

export const ResolveSourceMetaRequest: Codec<ResolveSourceMetaRequest> = /* @__PURE__ */ message(() => [
  [1, "Source", "message", "optional", () => SourceOp],
  [2, "Platform", "message", "optional", () => Platform],
  [3, "LogName", "text", "plain"],
  [4, "ResolveMode", "text", "plain"],
  [5, "Git", "message", "optional", () => ResolveSourceGitRequest],
  [6, "Image", "message", "optional", () => ResolveSourceImageRequest],
  [7, "HTTP", "message", "optional", () => ResolveSourceHTTPRequest],
  [8, "SourcePolicies", "message", "list", () => Policy],
]);

export interface ResolveSourceMetaResponse {
  readonly Source?: SourceOp | undefined;
  readonly Image?: ResolveSourceImageResponse | undefined;
  readonly Git?: ResolveSourceGitResponse | undefined;
  readonly HTTP?: ResolveSourceHTTPResponse | undefined;
}

export const ResolveSourceMetaResponse: Codec<ResolveSourceMetaResponse> = /* @__PURE__ */ message(() => [
  [1, "Source", "message", "optional", () => SourceOp],
  [2, "Image", "message", "optional", () => ResolveSourceImageResponse],
  [3, "Git", "message", "optional", () => ResolveSourceGitResponse],
  [4, "HTTP", "message", "optional", () => ResolveSourceHTTPResponse],
]);

export interface ResolveSourceImageRequest {
  readonly NoConfig: boolean;
  readonly AttestationChain: boolean;
  readonly ResolveAttestations: readonly string[];
}

export const ResolveSourceImageRequest: Codec<ResolveSourceImageRequest> = /* @__PURE__ */ message(() => [
  [1, "NoConfig", "flag", "plain"],
  [2, "AttestationChain", "flag", "plain"],
  [3, "ResolveAttestations", "text", "list"],
]);

export interface AttestationChain {
  readonly Root: string;
  readonly ImageManifest: string;
  readonly AttestationManifest: string;
  readonly SignatureManifests: readonly string[];
  readonly Blobs: Readonly<Record<string, Blob>>;
}

export const AttestationChain: Codec<AttestationChain> = /* @__PURE__ */ message(() => [
  [1, "Root", "text", "plain"],
  [2, "ImageManifest", "text", "plain"],
  [3, "AttestationManifest", "text", "plain"],
  [4, "SignatureManifests", "text", "list"],
  [5, "Blobs", "message", "map", () => Blob],
]);

export interface ResolveSourceImageResponse {
  readonly Digest: string;
  readonly Config: Uint8Array;
  readonly AttestationChain?: AttestationChain | undefined;
}

export const ResolveSourceImageResponse: Codec<ResolveSourceImageResponse> = /* @__PURE__ */ message(() => [
  [1, "Digest", "text", "plain"],
  [2, "Config", "bytes", "plain"],
  [3, "AttestationChain", "message", "optional", () => AttestationChain],
]);

export interface ResolveSourceGitRequest {
  readonly ReturnObject: boolean;
}

export const ResolveSourceGitRequest: Codec<ResolveSourceGitRequest> = /* @__PURE__ */ message(() => [
  [1, "ReturnObject", "flag", "plain"],
]);

export interface ResolveSourceGitResponse {
  readonly Checksum: string;
  readonly Ref: string;
  readonly CommitChecksum: string;
  readonly CommitObject: Uint8Array;
  readonly TagObject: Uint8Array;
}

export const ResolveSourceGitResponse: Codec<ResolveSourceGitResponse> = /* @__PURE__ */ message(() => [
  [1, "Checksum", "text", "plain"],
  [2, "Ref", "text", "plain"],
  [3, "CommitChecksum", "text", "plain"],
  [4, "CommitObject", "bytes", "plain"],
  [5, "TagObject", "bytes", "plain"],
]);

export interface ResolveSourceHTTPResponse {
  readonly Checksum: string;
  readonly Filename: string;
  readonly LastModified?: Timestamp | undefined;
  readonly ChecksumResponse?: ChecksumResponse | undefined;
}

export const ResolveSourceHTTPResponse: Codec<ResolveSourceHTTPResponse> = /* @__PURE__ */ message(() => [
  [1, "Checksum", "text", "plain"],
  [2, "Filename", "text", "plain"],
  [3, "LastModified", "message", "optional", () => Timestamp],
  [4, "ChecksumResponse", "message", "optional", () => ChecksumResponse],
]);

export interface ResolveSourceHTTPRequest {
  readonly ChecksumRequest?: ChecksumRequest | undefined;
}

export const ResolveSourceHTTPRequest: Codec<ResolveSourceHTTPRequest> = /* @__PURE__ */ message(() => [
  [1, "ChecksumRequest", "message", "optional", () => ChecksumRequest],
]);

export interface ChecksumRequest {
  readonly Algo: number;
  readonly Suffix: Uint8Array;
}

export const ChecksumRequest: Codec<ChecksumRequest> = /* @__PURE__ */ message(() => [
  [1, "Algo", "integer", "plain"],
  [2, "Suffix", "bytes", "plain"],
]);

export interface ChecksumResponse {
  readonly Digest: string;
  readonly Suffix: Uint8Array;
}

export const ChecksumResponse: Codec<ChecksumResponse> = /* @__PURE__ */ message(() => [
  [1, "Digest", "text", "plain"],
  [2, "Suffix", "bytes", "plain"],
]);

export interface SolveRequest {
  readonly Definition?: Definition | undefined;
  readonly Frontend: string;
  readonly FrontendOpt: Readonly<Record<string, string>>;
  readonly allowResultReturn: boolean;
  readonly allowResultArrayRef: boolean;
  readonly Final: boolean;
  readonly ExporterAttr: Uint8Array;
  readonly CacheImports: readonly CacheOptionsEntry[];
  readonly FrontendInputs: Readonly<Record<string, Definition>>;
  readonly Evaluate: boolean;
  readonly SourcePolicies: readonly Policy[];
}

export const SolveRequest: Codec<SolveRequest> = /* @__PURE__ */ message(() => [
  [1, "Definition", "message", "optional", () => Definition],
  [2, "Frontend", "text", "plain"],
  [3, "FrontendOpt", "text", "map"],
  [5, "allowResultReturn", "flag", "plain"],
  [6, "allowResultArrayRef", "flag", "plain"],
  [10, "Final", "flag", "plain"],
  [11, "ExporterAttr", "bytes", "plain"],
  [12, "CacheImports", "message", "list", () => CacheOptionsEntry],
  [13, "FrontendInputs", "message", "map", () => Definition],
  [14, "Evaluate", "flag", "plain"],
  [15, "SourcePolicies", "message", "list", () => Policy],
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
  readonly ref: string;
  readonly result?: Result | undefined;
}

export const SolveResponse: Codec<SolveResponse> = /* @__PURE__ */ message(() => [
  [1, "ref", "text", "plain"],
  [3, "result", "message", "optional", () => Result],
]);

export interface ReadFileRequest {
  readonly Ref: string;
  readonly FilePath: string;
  readonly Range?: FileRange | undefined;
  readonly MountIndex: number;
}

export const ReadFileRequest: Codec<ReadFileRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "FilePath", "text", "plain"],
  [3, "Range", "message", "optional", () => FileRange],
  [4, "MountIndex", "integer", "plain"],
]);

export interface FileRange {
  readonly Offset: number;
  readonly Length: number;
}

export const FileRange: Codec<FileRange> = /* @__PURE__ */ message(() => [
  [1, "Offset", "integer", "plain"],
  [2, "Length", "integer", "plain"],
]);

export interface ReadFileResponse {
  readonly Data: Uint8Array;
}

export const ReadFileResponse: Codec<ReadFileResponse> = /* @__PURE__ */ message(() => [
  [1, "Data", "bytes", "plain"],
]);

export interface ReadDirRequest {
  readonly Ref: string;
  readonly DirPath: string;
  readonly IncludePattern: string;
  readonly MountIndex: number;
}

export const ReadDirRequest: Codec<ReadDirRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "DirPath", "text", "plain"],
  [3, "IncludePattern", "text", "plain"],
  [4, "MountIndex", "integer", "plain"],
]);

export interface ReadDirResponse {
  readonly entries: readonly Stat[];
}

export const ReadDirResponse: Codec<ReadDirResponse> = /* @__PURE__ */ message(() => [
  [1, "entries", "message", "list", () => Stat],
]);

export interface StatFileRequest {
  readonly Ref: string;
  readonly Path: string;
  readonly MountIndex: number;
}

export const StatFileRequest: Codec<StatFileRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
  [2, "Path", "text", "plain"],
  [3, "MountIndex", "integer", "plain"],
]);

export interface StatFileResponse {
  readonly stat?: Stat | undefined;
}

export const StatFileResponse: Codec<StatFileResponse> = /* @__PURE__ */ message(() => [
  [1, "stat", "message", "optional", () => Stat],
]);

export interface EvaluateRequest {
  readonly Ref: string;
}

export const EvaluateRequest: Codec<EvaluateRequest> = /* @__PURE__ */ message(() => [
  [1, "Ref", "text", "plain"],
]);

export interface EvaluateResponse {
}

export const EvaluateResponse: Codec<EvaluateResponse> = /* @__PURE__ */ message(() => [
]);

export interface PingRequest {
}

export const PingRequest: Codec<PingRequest> = /* @__PURE__ */ message(() => [
]);

export interface PongResponse {
  readonly FrontendAPICaps: readonly APICap[];
  readonly LLBCaps: readonly APICap[];
  readonly Workers: readonly WorkerRecord[];
}

export const PongResponse: Codec<PongResponse> = /* @__PURE__ */ message(() => [
  [1, "FrontendAPICaps", "message", "list", () => APICap],
  [2, "LLBCaps", "message", "list", () => APICap],
  [3, "Workers", "message", "list", () => WorkerRecord],
]);

export interface WarnRequest {
  readonly digest: string;
  readonly level: number;
  readonly short: Uint8Array;
  readonly detail: readonly Uint8Array[];
  readonly url: string;
  readonly info?: SourceInfo | undefined;
  readonly ranges: readonly Range[];
}

export const WarnRequest: Codec<WarnRequest> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
  [2, "level", "integer", "plain"],
  [3, "short", "bytes", "plain"],
  [4, "detail", "bytes", "list"],
  [5, "url", "text", "plain"],
  [6, "info", "message", "optional", () => SourceInfo],
  [7, "ranges", "message", "list", () => Range],
]);

export interface WarnResponse {
}

export const WarnResponse: Codec<WarnResponse> = /* @__PURE__ */ message(() => [
]);

export interface NewContainerRequest {
  readonly ContainerID: string;
  readonly Mounts: readonly Mount[];
  readonly Network: number;
  readonly platform?: Platform | undefined;
  readonly constraints?: WorkerConstraints | undefined;
  readonly extraHosts: readonly HostIP[];
  readonly hostname: string;
}

export const NewContainerRequest: Codec<NewContainerRequest> = /* @__PURE__ */ message(() => [
  [1, "ContainerID", "text", "plain"],
  [2, "Mounts", "message", "list", () => Mount],
  [3, "Network", "integer", "plain"],
  [4, "platform", "message", "optional", () => Platform],
  [5, "constraints", "message", "optional", () => WorkerConstraints],
  [6, "extraHosts", "message", "list", () => HostIP],
  [7, "hostname", "text", "plain"],
]);

export interface NewContainerResponse {
}

export const NewContainerResponse: Codec<NewContainerResponse> = /* @__PURE__ */ message(() => [
]);

export interface ReleaseContainerRequest {
  readonly ContainerID: string;
}

export const ReleaseContainerRequest: Codec<ReleaseContainerRequest> = /* @__PURE__ */ message(() => [
  [1, "ContainerID", "text", "plain"],
]);

export interface ReleaseContainerResponse {
}

export const ReleaseContainerResponse: Codec<ReleaseContainerResponse> = /* @__PURE__ */ message(() => [
]);

export interface ExecMessage {
  readonly ProcessID: string;
  readonly Init?: InitMessage | undefined;
  readonly File?: FdMessage | undefined;
  readonly Resize?: ResizeMessage | undefined;
  readonly Started?: StartedMessage | undefined;
  readonly Exit?: ExitMessage | undefined;
  readonly Done?: DoneMessage | undefined;
  readonly Signal?: SignalMessage | undefined;
}

export const ExecMessage: Codec<ExecMessage> = /* @__PURE__ */ message(() => [
  [1, "ProcessID", "text", "plain"],
  [2, "Init", "message", "optional", () => InitMessage],
  [3, "File", "message", "optional", () => FdMessage],
  [4, "Resize", "message", "optional", () => ResizeMessage],
  [5, "Started", "message", "optional", () => StartedMessage],
  [6, "Exit", "message", "optional", () => ExitMessage],
  [7, "Done", "message", "optional", () => DoneMessage],
  [8, "Signal", "message", "optional", () => SignalMessage],
]);

export interface InitMessage {
  readonly ContainerID: string;
  readonly Meta?: Meta | undefined;
  readonly Fds: readonly number[];
  readonly Tty: boolean;
  readonly Security: number;
  readonly secretenv: readonly SecretEnv[];
}

export const InitMessage: Codec<InitMessage> = /* @__PURE__ */ message(() => [
  [1, "ContainerID", "text", "plain"],
  [2, "Meta", "message", "optional", () => Meta],
  [3, "Fds", "unsigned", "list"],
  [4, "Tty", "flag", "plain"],
  [5, "Security", "integer", "plain"],
  [6, "secretenv", "message", "list", () => SecretEnv],
]);

export interface ExitMessage {
  readonly Code: number;
  readonly Error?: Status | undefined;
}

export const ExitMessage: Codec<ExitMessage> = /* @__PURE__ */ message(() => [
  [1, "Code", "unsigned", "plain"],
  [2, "Error", "message", "optional", () => Status],
]);

export interface StartedMessage {
}

export const StartedMessage: Codec<StartedMessage> = /* @__PURE__ */ message(() => [
]);

export interface DoneMessage {
}

export const DoneMessage: Codec<DoneMessage> = /* @__PURE__ */ message(() => [
]);

export interface FdMessage {
  readonly Fd: number;
  readonly EOF: boolean;
  readonly Data: Uint8Array;
}

export const FdMessage: Codec<FdMessage> = /* @__PURE__ */ message(() => [
  [1, "Fd", "unsigned", "plain"],
  [2, "EOF", "flag", "plain"],
  [3, "Data", "bytes", "plain"],
]);

export interface ResizeMessage {
  readonly Rows: number;
  readonly Cols: number;
}

export const ResizeMessage: Codec<ResizeMessage> = /* @__PURE__ */ message(() => [
  [1, "Rows", "unsigned", "plain"],
  [2, "Cols", "unsigned", "plain"],
]);

export interface SignalMessage {
  readonly Name: string;
}

export const SignalMessage: Codec<SignalMessage> = /* @__PURE__ */ message(() => [
  [1, "Name", "text", "plain"],
]);

export interface Blob {
  readonly descriptor?: Descriptor | undefined;
  readonly data: Uint8Array;
}

export const Blob: Codec<Blob> = /* @__PURE__ */ message(() => [
  [1, "descriptor", "message", "optional", () => Descriptor],
  [2, "data", "bytes", "plain"],
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

export const LLBBridge = {
  ResolveImageConfig: { path: "/moby.buildkit.v1.frontend.LLBBridge/ResolveImageConfig", request: ResolveImageConfigRequest, response: ResolveImageConfigResponse } satisfies Method<ResolveImageConfigRequest, ResolveImageConfigResponse>,
  ResolveSourceMeta: { path: "/moby.buildkit.v1.frontend.LLBBridge/ResolveSourceMeta", request: ResolveSourceMetaRequest, response: ResolveSourceMetaResponse } satisfies Method<ResolveSourceMetaRequest, ResolveSourceMetaResponse>,
  Solve: { path: "/moby.buildkit.v1.frontend.LLBBridge/Solve", request: SolveRequest, response: SolveResponse } satisfies Method<SolveRequest, SolveResponse>,
  ReadFile: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadFile", request: ReadFileRequest, response: ReadFileResponse } satisfies Method<ReadFileRequest, ReadFileResponse>,
  ReadDir: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadDir", request: ReadDirRequest, response: ReadDirResponse } satisfies Method<ReadDirRequest, ReadDirResponse>,
  StatFile: { path: "/moby.buildkit.v1.frontend.LLBBridge/StatFile", request: StatFileRequest, response: StatFileResponse } satisfies Method<StatFileRequest, StatFileResponse>,
  Evaluate: { path: "/moby.buildkit.v1.frontend.LLBBridge/Evaluate", request: EvaluateRequest, response: EvaluateResponse } satisfies Method<EvaluateRequest, EvaluateResponse>,
  Ping: { path: "/moby.buildkit.v1.frontend.LLBBridge/Ping", request: PingRequest, response: PongResponse } satisfies Method<PingRequest, PongResponse>,
  Return: { path: "/moby.buildkit.v1.frontend.LLBBridge/Return", request: ReturnRequest, response: ReturnResponse } satisfies Method<ReturnRequest, ReturnResponse>,
  Inputs: { path: "/moby.buildkit.v1.frontend.LLBBridge/Inputs", request: InputsRequest, response: InputsResponse } satisfies Method<InputsRequest, InputsResponse>,
  NewContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/NewContainer", request: NewContainerRequest, response: NewContainerResponse } satisfies Method<NewContainerRequest, NewContainerResponse>,
  ReleaseContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReleaseContainer", request: ReleaseContainerRequest, response: ReleaseContainerResponse } satisfies Method<ReleaseContainerRequest, ReleaseContainerResponse>,
  ExecProcess: { path: "/moby.buildkit.v1.frontend.LLBBridge/ExecProcess", request: ExecMessage, response: ExecMessage } satisfies Method<ExecMessage, ExecMessage>,
  ReadFileContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadFileContainer", request: ReadFileRequest, response: ReadFileResponse } satisfies Method<ReadFileRequest, ReadFileResponse>,
  ReadDirContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadDirContainer", request: ReadDirRequest, response: ReadDirResponse } satisfies Method<ReadDirRequest, ReadDirResponse>,
  StatFileContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/StatFileContainer", request: StatFileRequest, response: StatFileResponse } satisfies Method<StatFileRequest, StatFileResponse>,
  Warn: { path: "/moby.buildkit.v1.frontend.LLBBridge/Warn", request: WarnRequest, response: WarnResponse } satisfies Method<WarnRequest, WarnResponse>,
} as const;
