import { type CacheOptionsEntry, LLBBridge } from "../gen/gateway.ts";
import type { Definition } from "../gen/ops.ts";
import type { ImageConfig } from "../image/config.ts";
import { formatReference, parseReference } from "../image/reference.ts";
import type { Digest } from "../llb/digest.ts";
import type { SourceOp } from "../llb/source.ts";
import type { Platform } from "../oci/platform.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Metadata } from "../rpc/metadata.ts";
import type { Status } from "../rpc/status.ts";
import { readCaps } from "./caps.ts";
import { noteRequest } from "./note.ts";
import { type Pong, ping } from "./pong.ts";
import { type FrontendSolve, fromWire, type GatewayResult, toWire } from "./result.ts";
import { solveGraph } from "./solve-graph.ts";
import { sourceTimeOf, sourceTimeRequest } from "./source-time.ts";
import { type GatewayWarning, warnRequest } from "./warning.ts";

/** What the daemon says of itself before a build. */
export interface DaemonState {
  /** The LLB capabilities that are enabled; undefined when the daemon is too old to tell. */
  readonly llbCaps: ReadonlySet<string> | undefined;
  readonly gatewayCaps: ReadonlySet<string>;
  /** The platform that the daemon runs steps on without emulation. */
  readonly platform: Platform | undefined;
}

export interface ImageRequest {
  readonly reference: string;
  readonly platform: Platform;
  /** `pull` asks the registry, `local` takes what the daemon has. */
  readonly mode?: "default" | "pull" | "local";
  /** The text of its line in the progress. */
  readonly logName?: string;
  /** For an image of an OCI layout that this session serves. */
  readonly layout?: { readonly sessionId: string; readonly storeId: string };
}

export interface GatewayImage {
  /** The full name; another than was asked for when a source policy says so. */
  readonly reference: string;
  /** The daemon says that this is what was asked for. */
  readonly isAsNamed: boolean;
  readonly digest: string;
  readonly config: ImageConfig;
}

/** The calls of LLBBridge that a build makes of the daemon that runs it: from a client or from inside a frontend. */
export interface Gateway {
  /** Of the client: local files come from there. */
  readonly sessionId: string;
  /** Asked once; every further call gives the same answer. */
  ping(): Promise<DaemonState>;
  /**
   * The result of a graph, as a reference that is built when something needs it and does not tell the graph once more.
   * Its own caches go before those of all graphs.
   */
  solve(definition: Uint8Array, cacheImports?: readonly CacheOptionsEntry[]): Promise<GatewayResult>;
  /** The result of another frontend. */
  solveFrontend(request: FrontendSolve): Promise<GatewayResult>;
  /** Asked once for each image and platform, so that all of a build has the same. */
  resolveImage(request: ImageRequest): Promise<GatewayImage>;
  /** The file, or its first `length` bytes. */
  readFile(reference: string, path: string, length?: number): Promise<Uint8Array>;
  /** What the client gave as inputs, by name. */
  inputs(): Promise<ReadonlyMap<string, Definition>>;
  /** Shows a warning beside a vertex that the build has asked for; elsewhere no client sees it. */
  warn(warning: GatewayWarning): Promise<void>;
  /**
   * Shows a line of text in the progress, as a step that takes no time, and gives the digest of its vertex; `id` tells
   * it from other lines of the build. Needs the capability `source.metaresolver`.
   */
  note(text: string, id: string): Promise<Digest>;
  /**
   * When a git commit was made, or a download last changed, in seconds since 1970; undefined: the daemon does not know.
   * Needs the capability `source.metaresolver`.
   */
  sourceTime(source: SourceOp, title: string): Promise<number | undefined>;
  /** Builds what a reference stands for. */
  evaluate(reference: string): Promise<void>;
  /** Ends the build with its result. Called once. */
  finish(result: GatewayResult): Promise<void>;
  /** Ends the build with an error. Called once. */
  fail(status: Status): Promise<void>;
}

export interface GatewayOptions {
  readonly sessionId: string;
  /** The build that the calls belong to, on a control connection; in a frontend's container there is only one. */
  readonly buildId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Given on with every graph that is solved. */
  readonly cacheImports?: readonly CacheOptionsEntry[] | undefined;
}

/** Opens the gateway of a build. Errors are those of the daemon's status: see rpc/status.ts. */
export function openGateway(channel: Channel, options: GatewayOptions): Gateway {
  const metadata: Metadata = options.buildId === undefined ? [] : [["buildkit-controlapi-buildid", options.buildId]];
  const call = options.signal === undefined ? { metadata } : { metadata, signal: options.signal };
  const common = { allowResultReturn: true, allowResultArrayRef: true, CacheImports: options.cacheImports };
  const resolveImage = async (request: ImageRequest): Promise<GatewayImage> => {
    const asked = imageRequest(request);
    const [{ Ref, Digest, Config }, { parseImageConfig }] = await Promise.all([
      channel.unary(LLBBridge.ResolveImageConfig, asked, call),
      import("../image/parse-config.ts"),
    ]);
    const { reference } = request;
    const config = parseImageConfig(Config, reference);
    return { reference: Ref === "" ? reference : Ref, isAsNamed: Ref === asked.Ref, digest: Digest, config };
  };
  const images = new Map<string, Promise<GatewayImage>>();
  let pong: Promise<DaemonState> | undefined;
  return {
    sessionId: options.sessionId,
    ping() {
      const answer = pong ?? channel.unary(ping, {}, call).then(stateOf);
      pong = answer;
      return answer;
    },
    async solve(Definition, CacheImports = options.cacheImports) {
      const { result } = await channel.unary(solveGraph, { ...common, CacheImports, Definition }, call);
      return fromWire(result);
    },
    async solveFrontend({ frontend, options: attributes, inputs }) {
      const request = { ...common, Frontend: frontend, FrontendOpt: attributes, FrontendInputs: inputs };
      return fromWire((await channel.unary(LLBBridge.Solve, request, call)).result);
    },
    resolveImage(request) {
      const key = JSON.stringify(request);
      const known = images.get(key) ?? resolveImage(request);
      images.set(key, known);
      return known;
    },
    async readFile(reference, path, length) {
      const range = length === undefined ? {} : { Range: { Offset: 0, Length: length } };
      return (await channel.unary(LLBBridge.ReadFile, { Ref: reference, FilePath: path, ...range }, call)).Data;
    },
    async inputs() {
      const { Definitions } = await channel.unary(LLBBridge.Inputs, {}, call);
      return new Map(Object.entries(Definitions));
    },
    async warn(warning) {
      await channel.unary(LLBBridge.Warn, warnRequest(warning), call);
    },
    async note(text, id) {
      const { request, vertex } = noteRequest(text, id);
      await channel.unary(LLBBridge.ResolveSourceMeta, request, call);
      return vertex;
    },
    async sourceTime(source, title) {
      return sourceTimeOf(await channel.unary(LLBBridge.ResolveSourceMeta, sourceTimeRequest(source, title), call));
    },
    async evaluate(reference) {
      await channel.unary(LLBBridge.Evaluate, { Ref: reference }, call);
    },
    async finish(result) {
      await channel.unary(LLBBridge.Return, { result: toWire(result) }, call);
    },
    async fail({ code, message, details }) {
      const error = { code, message, details: details.map(({ type, value }) => ({ type_url: type, value })) };
      await channel.unary(LLBBridge.Return, { error }, call);
    },
  };
}

function imageRequest({ reference, platform, mode = "default", logName = "", layout }: ImageRequest) {
  return {
    Ref: layout === undefined ? formatReference(parseReference(reference)) : reference,
    Platform: { OS: platform.os, Architecture: platform.architecture, Variant: platform.variant },
    ResolveMode: mode,
    LogName: logName,
    ResolverType: layout === undefined ? 0 : 1,
    SessionID: layout?.sessionId,
    StoreID: layout?.storeId,
  };
}

function stateOf({ LLBCaps, FrontendAPICaps, Workers }: Pong): DaemonState {
  const own = Workers[0]?.platforms[0];
  return {
    llbCaps: LLBCaps.length === 0 ? undefined : readCaps(LLBCaps),
    gatewayCaps: readCaps(FrontendAPICaps),
    platform: own === undefined ? undefined : platformOf(own.OS, own.Architecture, own.Variant),
  };
}

function platformOf(os: string, architecture: string, variant: string): Platform {
  return variant === "" ? { os, architecture } : { os, architecture, variant };
}
