import type { Gateway } from "../gateway/gateway.ts";
import type { FrontendSolve } from "../gateway/result.ts";
import { formatConfig } from "../image/config.ts";
import { mkdirAction } from "../llb/action.ts";
import type { Definition, DefinitionOp } from "../llb/definition.ts";
import type { Digest } from "../llb/digest.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { fileOp } from "../llb/file.ts";
import { checkSize } from "../llb/message-limit.ts";
import { type State, scratch } from "../llb/state.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { BaseImages } from "./base-images.ts";
import type { BuildSettings } from "./define-build.ts";
import type { FrontendVertex } from "./frontend-vertices.ts";
import { readLocalContext } from "./local-context.ts";
import { checkCaps } from "./required-caps.ts";

export interface FrontendRequestOptions {
  readonly platform: Platform;
  readonly images: BaseImages;
  readonly settings: BuildSettings;
  /** The Definition of an input. */
  readonly define: (input: State) => Definition;
}

/** What a frontend is asked, and the ops that it gets as parts of its inputs. */
export interface FrontendRequest {
  readonly solve: FrontendSolve;
  /** Calls that have the same give the same; the lines that inputs come from are no part of it. */
  readonly key: string;
  readonly ours: ReadonlyMap<Digest, DefinitionOp>;
}

/** No Definition says scratch to a frontend, so it gets a directory with nothing in it. */
export const emptyTree: State = fileOp(scratch, [mkdirAction("/", {})], {});

/** Turns a frontend's vertex into a call of the gateway. */
export async function frontendRequest(
  gateway: Gateway,
  vertex: FrontendVertex,
  options: FrontendRequestOptions,
): Promise<FrontendRequest> {
  const { op } = vertex;
  const { llbCaps } = await gateway.ping();
  const ours = new Map<Digest, DefinitionOp>();
  const inputs: Record<string, Uint8Array> = {};
  const roots: Record<string, Digest | undefined> = {};
  for (const [name, state] of await inputsOf(gateway, vertex, options)) {
    const definition = options.define(state.output === undefined ? emptyTree : state);
    checkCaps(definition, llbCaps);
    const bytes = encodeDefinition(definition);
    checkSize(bytes.length, definition);
    for (const each of definition.ops) ours.set(each.digest, each);
    inputs[name] = bytes;
    roots[name] = definition.terminal;
  }
  const { noCache, resolveMode = "default" } = options.settings;
  const named = op.source === undefined ? await options.settings.namedContexts?.() : undefined;
  const attributes = {
    ...options.settings.frontendOptions,
    ...named?.options,
    ...(noCache ? { "no-cache": "" } : {}),
    ...(resolveMode === "default" ? {} : { "image-resolve-mode": resolveMode }),
    ...(op.source === undefined ? {} : inputMetadata(op.inputs, options.images)),
    ...Object.fromEntries(op.options),
    ...(op.source === undefined ? {} : { source: op.source }),
    platform: formatPlatform(vertex.platform ?? options.platform),
  };
  const frontend = op.source === undefined ? "dockerfile.v0" : "gateway.v0";
  const key = JSON.stringify([frontend, attributes, roots]);
  return { solve: { frontend, options: attributes, inputs: { ...named?.inputs, ...inputs } }, key, ours };
}

/**
 * The daemon's Dockerfile frontend reads the local directory `context` itself: with its ignore file, and no more of it
 * than COPY and ADD name. Of other directories only the name of the one for Dockerfiles can be chosen, so those are inputs.
 */
async function inputsOf(
  gateway: Gateway,
  { op }: FrontendVertex,
  { define }: FrontendRequestOptions,
): Promise<ReadonlyMap<string, State>> {
  if (op.localContext === undefined) return op.inputs;
  const inputs = new Map(op.inputs);
  if (op.localContext.name === "context") inputs.delete("context");
  else inputs.set("context", await readLocalContext(gateway, op.localContext, define));
  return inputs;
}

// What buildx says of the targets that it hands to a frontend: their image's config, with which FROM goes on.
function inputMetadata(inputs: ReadonlyMap<string, State>, images: BaseImages): Record<string, string> {
  const known = [...inputs].flatMap(([name, { base }]) => {
    const config = base === undefined ? undefined : images.get(base)?.config;
    if (config === undefined) return [];
    const value = { "containerimage.config": Buffer.from(formatConfig(config)).toString("base64") };
    return [[`input-metadata:${name}`, JSON.stringify(value)] as const];
  });
  return Object.fromEntries(known);
}
