import { type Platform, validatePlatform } from "../oci/platform.ts";
import { checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { metadataOf } from "./metadata.ts";
import { sortedEntries } from "./order.ts";
import { resolvePath } from "./path.ts";
import { local } from "./source-local.ts";
import { type State, scratch, withMetadata } from "./state.ts";
import type { Output, Vertex } from "./vertex.ts";

/**
 * What another frontend makes. Only a daemon knows the ops behind it: script/frontends.ts asks it, and marshal puts
 * them in the vertex's place.
 */
export interface FrontendOp {
  readonly type: "frontend";
  /** The frontend's image; absent: the daemon's own Dockerfile frontend. */
  readonly source?: string | undefined;
  /** The frontend's options, ordered by the bytes of their names; platform and source are not among them. */
  readonly options: readonly (readonly [string, string])[];
  /** By name. */
  readonly inputs: ReadonlyMap<string, State>;
  /** The local directory that the input `context` stands for, when its ignore file counts: see `dockerfile`. */
  readonly localContext?: LocalContext | undefined;
}

export interface LocalContext {
  readonly name: string;
  /** The path of the Dockerfile in it. */
  readonly filename: string;
}

export interface DockerfileOptions {
  /** A State, or the name of a local directory, `context` by default. */
  readonly context?: string | State | undefined;
  /** The Dockerfile's path in the context. */
  readonly filename?: string | undefined;
  readonly target?: string | undefined;
  readonly buildArgs?: ReadonlyMap<string, string> | undefined;
  readonly platform?: Platform | undefined;
}

export interface FrontendOptions {
  readonly options?: ReadonlyMap<string, string> | undefined;
  readonly inputs?: ReadonlyMap<string, State> | undefined;
  readonly platform?: Platform | undefined;
}

/**
 * What the daemon's Dockerfile frontend makes of a context. Of a local directory the Dockerfile is read apart from the
 * rest, as `docker build` does: an ignore file that names it does not hide it, and a small change of it does not
 * disturb what the daemon keeps of the context.
 */
export function dockerfile(options: DockerfileOptions, context: Context): State {
  const given = options.context ?? "context";
  const filename = resolvePath("/", options.filename ?? "Dockerfile").slice(1);
  if (filename === "") throw invalid("filename: it names no file");
  const localName = typeof given === "string" ? given : localNameOf(given);
  const state = typeof given === "string" ? local(given, { sharedKeyHint: given }, context) : given;
  if (state.output === undefined) throw invalid("context: scratch has no Dockerfile");
  const file = localName === undefined ? state : localDockerfile(localName, filename, context);
  const entries = new Map([...(options.buildArgs ?? [])].map(([name, value]) => [`build-arg:${name}`, value]));
  entries.set("filename", filename);
  if (options.target !== undefined) entries.set("target", options.target);
  const op: FrontendOp = {
    type: "frontend",
    options: checkedEntries(entries),
    inputs: new Map([
      ["context", state],
      ["dockerfile", file],
    ]),
    localContext: typeof given === "string" ? { name: given, filename } : undefined,
  };
  return frontendState(op, options.platform, context);
}

/** What the frontend in an image makes. Its options are neither `source` nor `platform`. */
export function frontend(source: string, options: FrontendOptions, context: Context): State {
  checkText("the frontend's name", source);
  const inputs = new Map(sortedEntries(options.inputs ?? new Map()));
  for (const name of inputs.keys()) checkText("inputs", name);
  const op: FrontendOp = { type: "frontend", source, options: checkedEntries(options.options ?? new Map()), inputs };
  return frontendState(op, options.platform, context);
}

/** The function that scripts call for it. */
export function frontendFunction({ source }: FrontendOp): string {
  return source === undefined ? "bk.dockerfile" : "bk.frontend";
}

/** What it is called where its ops are not known. */
export function frontendName({ source, options }: FrontendOp): string {
  if (source !== undefined) return source;
  const { filename = "", target } = Object.fromEntries(options);
  return target === undefined ? filename : `${filename} target ${target}`;
}

function frontendState(op: FrontendOp, wanted: Platform | undefined, context: Context): State {
  const platform = wanted === undefined ? undefined : validatePlatform(wanted);
  const inputs: readonly Output[] = [...op.inputs.values()].flatMap(({ output }) => output ?? []);
  const { location, noCache } = context;
  const vertex: Vertex = { op, inputs, platform, metadata: metadataOf({ noCache }), location };
  return { ...scratch, output: { vertex, index: 0 }, base: vertex, platform };
}

function checkedEntries(entries: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  for (const [name, value] of entries) {
    checkText("the name of an option", name);
    checkText(`option ${name}`, value);
  }
  return sortedEntries(entries);
}

function localNameOf({ output }: State): string | undefined {
  const op = output?.vertex.op;
  return op?.type === "source" && op.identifier.startsWith("local://") ? op.identifier.slice(8) : undefined;
}

// As the Dockerfile frontend itself reads it, its own ignore file and the name in lower case included.
function localDockerfile(name: string, filename: string, context: Context): State {
  const lower = filename.replace(/[^/]*$/, (base) => (base === "Dockerfile" ? "dockerfile" : base));
  const followPaths = [...new Set([filename, `${filename}.dockerignore`, lower])];
  const file = local(name, { followPaths, sharedKeyHint: "dockerfile", differ: "prefer-none" }, context);
  return withMetadata(file, { name: `[internal] load build definition from ${filename}` });
}
