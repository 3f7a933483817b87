import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult, Reference } from "../gateway/result.ts";
import { Definition as WireDefinition } from "../gen/ops.ts";
import type { ImageConfig } from "../image/config.ts";
import { parseImageConfig } from "../image/parse-config.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { frontendFunction, frontendName } from "../llb/frontend.ts";
import { type FrontendGraph, readFrontendGraph } from "../llb/frontend-graph.ts";
import type { SourceFile } from "../llb/location.ts";
import type { State } from "../llb/state.ts";
import type { Vertex } from "../llb/vertex.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";
import type { BaseImage, BaseImages } from "./base-images.ts";
import { type BuildSettings, defineBuild } from "./define-build.ts";
import { frontendError } from "./frontend-error.ts";
import { emptyTree, type FrontendRequest, frontendRequest } from "./frontend-request.ts";
import { chooseResult } from "./frontend-result.ts";
import { type FrontendVertex, frontendsOf } from "./frontend-vertices.ts";

export interface SolveFrontendsOptions {
  /** What frontends without a platform of their own make their result for. */
  readonly platform: Platform;
  /** The images of the state's whole graph, the inputs of frontends included. */
  readonly images: BaseImages;
  readonly settings: BuildSettings;
}

/** What the frontends of a state gave. */
export interface SolvedFrontends {
  /** The images that were given, and for each frontend the image that it made. */
  readonly images: BaseImages;
  readonly graphOf: (frontend: Vertex) => FrontendGraph | undefined;
  /** Whether there is any frontend. */
  readonly isUsed: boolean;
  /** The config of the image that a frontend's result is based on, as JSON. */
  readonly baseConfigOf: (frontend: Vertex) => Uint8Array | undefined;
}

/** One state's frontends while they are solved. */
interface Run {
  readonly gateway: Gateway;
  readonly options: SolveFrontendsOptions;
  readonly started: Map<Vertex, Promise<void>>;
  readonly asked: Map<string, Promise<GatewayResult>>;
  readonly images: Map<Vertex, BaseImage>;
  readonly graphs: Map<Vertex, FrontendGraph>;
  readonly baseConfigs: Map<Vertex, Uint8Array>;
  readonly files: Map<string, SourceFile>;
}

/**
 * Asks the daemon for what the frontends in a state's graph make: each once, those within the inputs of others before
 * them, all others at once. Nothing is built for it.
 */
export async function solveFrontends(
  gateway: Gateway,
  state: State,
  options: SolveFrontendsOptions,
): Promise<SolvedFrontends> {
  const run: Run = {
    gateway,
    options,
    started: new Map(),
    asked: new Map(),
    images: new Map(options.images),
    graphs: new Map(),
    baseConfigs: new Map(),
    files: new Map(),
  };
  await solveAll([state], run);
  return {
    images: run.images,
    isUsed: run.graphs.size > 0,
    graphOf: (frontend) => run.graphs.get(frontend),
    baseConfigOf: (frontend) => run.baseConfigs.get(frontend),
  };
}

async function solveAll(states: Iterable<State>, run: Run): Promise<void> {
  await Promise.all([...states].flatMap(frontendsOf).map((vertex) => solveOnce(vertex, run)));
}

function solveOnce(vertex: FrontendVertex, run: Run): Promise<void> {
  const started = run.started.get(vertex) ?? solveOne(vertex, run);
  run.started.set(vertex, started);
  return started;
}

async function solveOne(vertex: FrontendVertex, run: Run): Promise<void> {
  await solveAll(vertex.op.inputs.values(), run);
  try {
    await checkDaemon(vertex, run.gateway);
    await askFrontend(vertex, run);
  } catch (error) {
    throw frontendError(error, vertex.location);
  }
}

async function checkDaemon({ op }: FrontendVertex, gateway: Gateway): Promise<void> {
  const { gatewayCaps } = await gateway.ping();
  const missing = ["reference.output", "frontend.inputs"].find((cap) => !gatewayCaps.has(cap));
  if (missing === undefined) return;
  const name = frontendFunction(op);
  throw new LuakitError("llb.unsupported", `${name}: the BuildKit daemon does not support "${missing}"`, {
    hint: "a newer BuildKit has it",
  });
}

async function askFrontend(vertex: FrontendVertex, run: Run): Promise<void> {
  const { gateway, images, graphs, options } = run;
  const platform = validatePlatform(vertex.platform ?? options.platform);
  const define = (state: State) =>
    defineBuild({ state, config: {} }, options.platform, images, {
      ...options.settings,
      graphOf: (frontend) => graphs.get(frontend),
    });
  const { ours, ...request } = await frontendRequest(gateway, vertex, { ...options, images, define });
  const result = chooseResult(await ask(request, run), vertex, platform);
  const definition =
    result.reference.id === undefined
      ? WireDefinition.decode(encodeDefinition(define(emptyTree)))
      : definitionOf(result.reference, vertex);
  graphs.set(vertex, readFrontendGraph(definition, { ours, files: run.files }));
  images.set(vertex, { digest: undefined, config: configOf(result.config, vertex, platform) });
  if (result.baseConfig !== undefined) run.baseConfigs.set(vertex, result.baseConfig);
}

function ask({ solve, key }: Omit<FrontendRequest, "ours">, { gateway, asked }: Run): Promise<GatewayResult> {
  const answer = asked.get(key) ?? gateway.solveFrontend(solve);
  asked.set(key, answer);
  return answer;
}

function definitionOf({ definition }: Reference, { op }: FrontendVertex): WireDefinition {
  if (definition !== undefined && definition.def.length > 0) return definition;
  const message = `${frontendFunction(op)}: the BuildKit daemon does not tell what the result is made of`;
  throw new LuakitError("llb.unsupported", message, { hint: "a newer BuildKit does" });
}

function configOf(json: Uint8Array | undefined, { op }: FrontendVertex, platform: Platform): ImageConfig {
  if (json !== undefined) return parseImageConfig(json, `the image of ${frontendName(op)}`);
  const { os, architecture, variant } = platform;
  return { os, architecture, variant, config: { WorkingDir: "/" }, rootfs: { type: "layers", diff_ids: [] } };
}
