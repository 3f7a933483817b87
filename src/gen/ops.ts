// Made from proto/pb/ops.proto by scripts/generate.ts.
import { type Codec, message } from "../wire/codec.ts";

export interface Op {
  readonly inputs: readonly Input[];
  readonly exec?: ExecOp | undefined;
  readonly source?: SourceOp | undefined;
  readonly file?: FileOp | undefined;
  readonly build?: BuildOp | undefined;
  readonly merge?: MergeOp | undefined;
  readonly diff?: DiffOp | undefined;
  readonly passthrough?: PassthroughOp | undefined;
  readonly platform?: Platform | undefined;
  readonly constraints?: WorkerConstraints | undefined;
}

export const Op: Codec<Op> = /* @__PURE__ */ message(() => [
  [1, "inputs", "message", "list", () => Input],
  [2, "exec", "message", "optional", () => ExecOp],
  [3, "source", "message", "optional", () => SourceOp],
  [4, "file", "message", "optional", () => FileOp],
  [5, "build", "message", "optional", () => BuildOp],
  [6, "merge", "message", "optional", () => MergeOp],
  [7, "diff", "message", "optional", () => DiffOp],
  [8, "passthrough", "message", "optional", () => PassthroughOp],
  [10, "platform", "message", "optional", () => Platform],
  [11, "constraints", "message", "optional", () => WorkerConstraints],
]);

export interface Platform {
  readonly Architecture: string;
  readonly OS: string;
  readonly Variant: string;
  readonly OSVersion: string;
  readonly OSFeatures: readonly string[];
}

export const Platform: Codec<Platform> = /* @__PURE__ */ message(() => [
  [1, "Architecture", "text", "plain"],
  [2, "OS", "text", "plain"],
  [3, "Variant", "text", "plain"],
  [4, "OSVersion", "text", "plain"],
  [5, "OSFeatures", "text", "list"],
]);

export interface Input {
  readonly digest: string;
  readonly index: number;
}

export const Input: Codec<Input> = /* @__PURE__ */ message(() => [
  [1, "digest", "text", "plain"],
  [2, "index", "integer", "plain"],
]);

export interface ExecOp {
  readonly meta?: Meta | undefined;
  readonly mounts: readonly Mount[];
  readonly network: number;
  readonly security: number;
  readonly secretenv: readonly SecretEnv[];
  readonly cdiDevices: readonly CDIDevice[];
}

export const ExecOp: Codec<ExecOp> = /* @__PURE__ */ message(() => [
  [1, "meta", "message", "optional", () => Meta],
  [2, "mounts", "message", "list", () => Mount],
  [3, "network", "integer", "plain"],
  [4, "security", "integer", "plain"],
  [5, "secretenv", "message", "list", () => SecretEnv],
  [6, "cdiDevices", "message", "list", () => CDIDevice],
]);

export interface Meta {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly proxy_env?: ProxyEnv | undefined;
  readonly extraHosts: readonly HostIP[];
  readonly hostname: string;
  readonly ulimit: readonly Ulimit[];
  readonly cgroupParent: string;
  readonly removeMountStubsRecursive: boolean;
  readonly validExitCodes: readonly number[];
}

export const Meta: Codec<Meta> = /* @__PURE__ */ message(() => [
  [1, "args", "text", "list"],
  [2, "env", "text", "list"],
  [3, "cwd", "text", "plain"],
  [4, "user", "text", "plain"],
  [5, "proxy_env", "message", "optional", () => ProxyEnv],
  [6, "extraHosts", "message", "list", () => HostIP],
  [7, "hostname", "text", "plain"],
  [9, "ulimit", "message", "list", () => Ulimit],
  [10, "cgroupParent", "text", "plain"],
  [11, "removeMountStubsRecursive", "flag", "plain"],
  [12, "validExitCodes", "integer", "list"],
]);

export interface HostIP {
  readonly Host: string;
  readonly IP: string;
}

export const HostIP: Codec<HostIP> = /* @__PURE__ */ message(() => [
  [1, "Host", "text", "plain"],
  [2, "IP", "text", "plain"],
]);

export interface Ulimit {
  readonly Name: string;
  readonly Soft: number;
  readonly Hard: number;
}

export const Ulimit: Codec<Ulimit> = /* @__PURE__ */ message(() => [
  [1, "Name", "text", "plain"],
  [2, "Soft", "integer", "plain"],
  [3, "Hard", "integer", "plain"],
]);

export interface SecretEnv {
  readonly ID: string;
  readonly name: string;
  readonly optional: boolean;
}

export const SecretEnv: Codec<SecretEnv> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "name", "text", "plain"],
  [3, "optional", "flag", "plain"],
]);

export interface CDIDevice {
  readonly name: string;
  readonly optional: boolean;
}

export const CDIDevice: Codec<CDIDevice> = /* @__PURE__ */ message(() => [
  [1, "name", "text", "plain"],
  [2, "optional", "flag", "plain"],
]);

export interface Mount {
  readonly input: number;
  readonly selector: string;
  readonly dest: string;
  readonly output: number;
  readonly readonly: boolean;
  readonly mountType: number;
  readonly TmpfsOpt?: TmpfsOpt | undefined;
  readonly cacheOpt?: CacheOpt | undefined;
  readonly secretOpt?: SecretOpt | undefined;
  readonly SSHOpt?: SSHOpt | undefined;
  readonly resultID: string;
  readonly contentCache: number;
}

export const Mount: Codec<Mount> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
  [2, "selector", "text", "plain"],
  [3, "dest", "text", "plain"],
  [4, "output", "integer", "plain"],
  [5, "readonly", "flag", "plain"],
  [6, "mountType", "integer", "plain"],
  [19, "TmpfsOpt", "message", "optional", () => TmpfsOpt],
  [20, "cacheOpt", "message", "optional", () => CacheOpt],
  [21, "secretOpt", "message", "optional", () => SecretOpt],
  [22, "SSHOpt", "message", "optional", () => SSHOpt],
  [23, "resultID", "text", "plain"],
  [24, "contentCache", "integer", "plain"],
]);

export interface TmpfsOpt {
  readonly size: number;
}

export const TmpfsOpt: Codec<TmpfsOpt> = /* @__PURE__ */ message(() => [
  [1, "size", "integer", "plain"],
]);

export interface CacheOpt {
  readonly ID: string;
  readonly sharing: number;
}

export const CacheOpt: Codec<CacheOpt> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "sharing", "integer", "plain"],
]);

export interface SecretOpt {
  readonly ID: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly optional: boolean;
}

export const SecretOpt: Codec<SecretOpt> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "uid", "unsigned", "plain"],
  [3, "gid", "unsigned", "plain"],
  [4, "mode", "unsigned", "plain"],
  [5, "optional", "flag", "plain"],
]);

export interface SSHOpt {
  readonly ID: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly optional: boolean;
}

export const SSHOpt: Codec<SSHOpt> = /* @__PURE__ */ message(() => [
  [1, "ID", "text", "plain"],
  [2, "uid", "unsigned", "plain"],
  [3, "gid", "unsigned", "plain"],
  [4, "mode", "unsigned", "plain"],
  [5, "optional", "flag", "plain"],
]);

export interface SourceOp {
  readonly identifier: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export const SourceOp: Codec<SourceOp> = /* @__PURE__ */ message(() => [
  [1, "identifier", "text", "plain"],
  [2, "attrs", "text", "map"],
]);

export interface BuildOp {
  readonly builder: number;
  readonly inputs: Readonly<Record<string, BuildInput>>;
  readonly def?: Definition | undefined;
  readonly attrs: Readonly<Record<string, string>>;
}

export const BuildOp: Codec<BuildOp> = /* @__PURE__ */ message(() => [
  [1, "builder", "integer", "plain"],
  [2, "inputs", "message", "map", () => BuildInput],
  [3, "def", "message", "optional", () => Definition],
  [4, "attrs", "text", "map"],
]);

export interface BuildInput {
  readonly input: number;
}

export const BuildInput: Codec<BuildInput> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
]);

export interface OpMetadata {
  readonly ignore_cache: boolean;
  readonly description: Readonly<Record<string, string>>;
  readonly export_cache?: ExportCache | undefined;
  readonly caps: Readonly<Record<string, boolean>>;
  readonly progress_group?: ProgressGroup | undefined;
  readonly linux_resources?: LinuxResources | undefined;
}

export const OpMetadata: Codec<OpMetadata> = /* @__PURE__ */ message(() => [
  [1, "ignore_cache", "flag", "plain"],
  [2, "description", "text", "map"],
  [4, "export_cache", "message", "optional", () => ExportCache],
  [5, "caps", "flag", "map"],
  [6, "progress_group", "message", "optional", () => ProgressGroup],
  [7, "linux_resources", "message", "optional", () => LinuxResources],
]);

export interface Source {
  readonly locations: Readonly<Record<string, Locations>>;
  readonly infos: readonly SourceInfo[];
}

export const Source: Codec<Source> = /* @__PURE__ */ message(() => [
  [1, "locations", "message", "map", () => Locations],
  [2, "infos", "message", "list", () => SourceInfo],
]);

export interface Locations {
  readonly locations: readonly Location[];
}

export const Locations: Codec<Locations> = /* @__PURE__ */ message(() => [
  [1, "locations", "message", "list", () => Location],
]);

export interface SourceInfo {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly definition?: Definition | undefined;
  readonly language: string;
}

export const SourceInfo: Codec<SourceInfo> = /* @__PURE__ */ message(() => [
  [1, "filename", "text", "plain"],
  [2, "data", "bytes", "plain"],
  [3, "definition", "message", "optional", () => Definition],
  [4, "language", "text", "plain"],
]);

export interface Location {
  readonly sourceIndex: number;
  readonly ranges: readonly Range[];
}

export const Location: Codec<Location> = /* @__PURE__ */ message(() => [
  [1, "sourceIndex", "integer", "plain"],
  [2, "ranges", "message", "list", () => Range],
]);

export interface Range {
  readonly start?: Position | undefined;
  readonly end?: Position | undefined;
}

export const Range: Codec<Range> = /* @__PURE__ */ message(() => [
  [1, "start", "message", "optional", () => Position],
  [2, "end", "message", "optional", () => Position],
]);

export interface Position {
  readonly line: number;
  readonly character: number;
}

export const Position: Codec<Position> = /* @__PURE__ */ message(() => [
  [1, "line", "integer", "plain"],
  [2, "character", "integer", "plain"],
]);

export interface ExportCache {
  readonly Value: boolean;
}

export const ExportCache: Codec<ExportCache> = /* @__PURE__ */ message(() => [
  [1, "Value", "flag", "plain"],
]);

export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  readonly weak: boolean;
}

export const ProgressGroup: Codec<ProgressGroup> = /* @__PURE__ */ message(() => [
  [1, "id", "text", "plain"],
  [2, "name", "text", "plain"],
  [3, "weak", "flag", "plain"],
]);

export interface LinuxResources {
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpuShares: number;
  readonly cpuPeriod: number;
  readonly cpuQuota: number;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
}

export const LinuxResources: Codec<LinuxResources> = /* @__PURE__ */ message(() => [
  [1, "memory", "integer", "plain"],
  [2, "memorySwap", "integer", "plain"],
  [3, "cpuShares", "unsigned", "plain"],
  [4, "cpuPeriod", "unsigned", "plain"],
  [5, "cpuQuota", "integer", "plain"],
  [6, "cpusetCpus", "text", "plain"],
  [7, "cpusetMems", "text", "plain"],
]);

export interface ProxyEnv {
  readonly http_proxy: string;
  readonly https_proxy: string;
  readonly ftp_proxy: string;
  readonly no_proxy: string;
  readonly all_proxy: string;
}

export const ProxyEnv: Codec<ProxyEnv> = /* @__PURE__ */ message(() => [
  [1, "http_proxy", "text", "plain"],
  [2, "https_proxy", "text", "plain"],
  [3, "ftp_proxy", "text", "plain"],
  [4, "no_proxy", "text", "plain"],
  [5, "all_proxy", "text", "plain"],
]);

export interface WorkerConstraints {
  readonly filter: readonly string[];
}

export const WorkerConstraints: Codec<WorkerConstraints> = /* @__PURE__ */ message(() => [
  [1, "filter", "text", "list"],
]);

export interface Definition {
  readonly def: readonly Uint8Array[];
  readonly metadata: Readonly<Record<string, OpMetadata>>;
  readonly Source?: Source | undefined;
}

export const Definition: Codec<Definition> = /* @__PURE__ */ message(() => [
  [1, "def", "bytes", "list"],
  [2, "metadata", "message", "map", () => OpMetadata],
  [3, "Source", "message", "optional", () => Source],
]);

export interface FileOp {
  readonly actions: readonly FileAction[];
}

export const FileOp: Codec<FileOp> = /* @__PURE__ */ message(() => [
  [2, "actions", "message", "list", () => FileAction],
]);

export interface FileAction {
  readonly input: number;
  readonly secondaryInput: number;
  readonly output: number;
  readonly copy?: FileActionCopy | undefined;
  readonly mkfile?: FileActionMkFile | undefined;
  readonly mkdir?: FileActionMkDir | undefined;
  readonly rm?: FileActionRm | undefined;
  readonly symlink?: FileActionSymlink | undefined;
}

export const FileAction: Codec<FileAction> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
  [2, "secondaryInput", "integer", "plain"],
  [3, "output", "integer", "plain"],
  [4, "copy", "message", "optional", () => FileActionCopy],
  [5, "mkfile", "message", "optional", () => FileActionMkFile],
  [6, "mkdir", "message", "optional", () => FileActionMkDir],
  [7, "rm", "message", "optional", () => FileActionRm],
  [8, "symlink", "message", "optional", () => FileActionSymlink],
]);

export interface FileActionCopy {
  readonly src: string;
  readonly dest: string;
  readonly owner?: ChownOpt | undefined;
  readonly mode: number;
  readonly followSymlink: boolean;
  readonly dirCopyContents: boolean;
  readonly attemptUnpackDockerCompatibility: boolean;
  readonly createDestPath: boolean;
  readonly allowWildcard: boolean;
  readonly allowEmptyWildcard: boolean;
  readonly timestamp: bigint;
  readonly include_patterns: readonly string[];
  readonly exclude_patterns: readonly string[];
  readonly alwaysReplaceExistingDestPaths: boolean;
  readonly modeStr: string;
  readonly required_paths: readonly string[];
}

export const FileActionCopy: Codec<FileActionCopy> = /* @__PURE__ */ message(() => [
  [1, "src", "text", "plain"],
  [2, "dest", "text", "plain"],
  [3, "owner", "message", "optional", () => ChownOpt],
  [4, "mode", "integer", "plain"],
  [5, "followSymlink", "flag", "plain"],
  [6, "dirCopyContents", "flag", "plain"],
  [7, "attemptUnpackDockerCompatibility", "flag", "plain"],
  [8, "createDestPath", "flag", "plain"],
  [9, "allowWildcard", "flag", "plain"],
  [10, "allowEmptyWildcard", "flag", "plain"],
  [11, "timestamp", "long", "plain"],
  [12, "include_patterns", "text", "list"],
  [13, "exclude_patterns", "text", "list"],
  [14, "alwaysReplaceExistingDestPaths", "flag", "plain"],
  [15, "modeStr", "text", "plain"],
  [16, "required_paths", "text", "list"],
]);

export interface FileActionMkFile {
  readonly path: string;
  readonly mode: number;
  readonly data: Uint8Array;
  readonly owner?: ChownOpt | undefined;
  readonly timestamp: bigint;
}

export const FileActionMkFile: Codec<FileActionMkFile> = /* @__PURE__ */ message(() => [
  [1, "path", "text", "plain"],
  [2, "mode", "integer", "plain"],
  [3, "data", "bytes", "plain"],
  [4, "owner", "message", "optional", () => ChownOpt],
  [5, "timestamp", "long", "plain"],
]);

export interface FileActionSymlink {
  readonly oldpath: string;
  readonly newpath: string;
  readonly owner?: ChownOpt | undefined;
  readonly timestamp: bigint;
}

export const FileActionSymlink: Codec<FileActionSymlink> = /* @__PURE__ */ message(() => [
  [1, "oldpath", "text", "plain"],
  [2, "newpath", "text", "plain"],
  [3, "owner", "message", "optional", () => ChownOpt],
  [4, "timestamp", "long", "plain"],
]);

export interface FileActionMkDir {
  readonly path: string;
  readonly mode: number;
  readonly makeParents: boolean;
  readonly owner?: ChownOpt | undefined;
  readonly timestamp: bigint;
}

export const FileActionMkDir: Codec<FileActionMkDir> = /* @__PURE__ */ message(() => [
  [1, "path", "text", "plain"],
  [2, "mode", "integer", "plain"],
  [3, "makeParents", "flag", "plain"],
  [4, "owner", "message", "optional", () => ChownOpt],
  [5, "timestamp", "long", "plain"],
]);

export interface FileActionRm {
  readonly path: string;
  readonly allowNotFound: boolean;
  readonly allowWildcard: boolean;
}

export const FileActionRm: Codec<FileActionRm> = /* @__PURE__ */ message(() => [
  [1, "path", "text", "plain"],
  [2, "allowNotFound", "flag", "plain"],
  [3, "allowWildcard", "flag", "plain"],
]);

export interface ChownOpt {
  readonly user?: UserOpt | undefined;
  readonly group?: UserOpt | undefined;
}

export const ChownOpt: Codec<ChownOpt> = /* @__PURE__ */ message(() => [
  [1, "user", "message", "optional", () => UserOpt],
  [2, "group", "message", "optional", () => UserOpt],
]);

export interface UserOpt {
  readonly byName?: NamedUserOpt | undefined;
  readonly byID?: number | undefined;
}

export const UserOpt: Codec<UserOpt> = /* @__PURE__ */ message(() => [
  [1, "byName", "message", "optional", () => NamedUserOpt],
  [2, "byID", "unsigned", "optional"],
]);

export interface NamedUserOpt {
  readonly name: string;
  readonly input: number;
}

export const NamedUserOpt: Codec<NamedUserOpt> = /* @__PURE__ */ message(() => [
  [1, "name", "text", "plain"],
  [2, "input", "integer", "plain"],
]);

export interface MergeInput {
  readonly input: number;
}

export const MergeInput: Codec<MergeInput> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
]);

export interface MergeOp {
  readonly inputs: readonly MergeInput[];
}

export const MergeOp: Codec<MergeOp> = /* @__PURE__ */ message(() => [
  [1, "inputs", "message", "list", () => MergeInput],
]);

export interface LowerDiffInput {
  readonly input: number;
}

export const LowerDiffInput: Codec<LowerDiffInput> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
]);

export interface UpperDiffInput {
  readonly input: number;
}

export const UpperDiffInput: Codec<UpperDiffInput> = /* @__PURE__ */ message(() => [
  [1, "input", "integer", "plain"],
]);

export interface DiffOp {
  readonly lower?: LowerDiffInput | undefined;
  readonly upper?: UpperDiffInput | undefined;
}

export const DiffOp: Codec<DiffOp> = /* @__PURE__ */ message(() => [
  [1, "lower", "message", "optional", () => LowerDiffInput],
  [2, "upper", "message", "optional", () => UpperDiffInput],
]);

export interface PassthroughOp {
  readonly id: string;
  readonly outputs: readonly number[];
}

export const PassthroughOp: Codec<PassthroughOp> = /* @__PURE__ */ message(() => [
  [1, "id", "text", "plain"],
  [2, "outputs", "integer", "list"],
]);
