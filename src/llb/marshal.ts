import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Platform } from "../oci/platform.ts";
import { Writer } from "../wire/writer.ts";
import type { Definition, DefinitionInput } from "./definition.ts";
import { type Digest, digestOf } from "./digest.ts";
import { type EncodeContext, type Encoded, openContext } from "./encode.ts";
import { encodeExec, placeMounts } from "./encode-exec.ts";
import { encodeFile } from "./encode-file.ts";
import { encodeFrontend } from "./encode-frontend.ts";
import { encodeDiff, encodeMerge } from "./encode-graph.ts";
import { encodePlainStep } from "./encode-plain-step.ts";
import { encodeSource } from "./encode-source.ts";
import type { ExecOp } from "./exec.ts";
import { type FrontendOp, frontendFunction, frontendName } from "./frontend.ts";
import type { FrontendGraph } from "./frontend-graph.ts";
import { callersOf, positionOf } from "./location.ts";
import { messageLimit, refuseSize } from "./message-limit.ts";
import { type Metadata, mergeMetadata, metadataOf } from "./metadata.ts";
import { addOp, mergeOp, type OpList, openOpList, placeOf, writeTerminal } from "./op-list.ts";
import { type ConfigOf, runtimeOf } from "./runtime.ts";
import type { ResolveMode } from "./source-image.ts";
import { spliceGraph } from "./splice.ts";
import type { State } from "./state.ts";
import { resourcesCap, type StepDefaults, withDefaults } from "./step-defaults.ts";
import type { Output, Vertex } from "./vertex.ts";

export interface MarshalOptions {
  /** What ops without a platform of their own are for. */
  readonly platform: Platform;
  /** The config of an image source. Without it steps start with no environment, at `/`, as root. */
  readonly configOf?: ConfigOf | undefined;
  /** The digest to write for an image; `isAsked`: it was made with `resolveDigest`. Without it the reference stays as it is. */
  readonly digestOf?: ((image: Vertex, isAsked: boolean) => Digest | undefined) | undefined;
  /** Written on local sources, so that a daemon keeps those of different clients apart. */
  readonly localUniqueId?: string | undefined;
  /** How images are resolved of which nothing else is said. */
  readonly resolveMode?: ResolveMode | undefined;
  /** What steps get that do not say it themselves. */
  readonly steps?: StepDefaults | undefined;
  /** Ignore the cache of every op. */
  readonly noCache?: boolean | undefined;
  /** The capabilities that the daemon has, when they are known. */
  readonly supported?: ReadonlySet<string> | undefined;
  /** What takes the place of a frontend's vertex. Without it, and without `sketch`, the vertex is an error. */
  readonly graphOf?: ((frontend: Vertex) => FrontendGraph | undefined) | undefined;
  /** Starts a clock; what comes back is called for every op, and throws when the time is up. */
  readonly startClock?: StartClock | undefined;
  /** Write a frontend whose graph is not known as an op that only tells what it is: to be shown, not to be built. */
  readonly sketch?: boolean | undefined;
}

/** Starts a clock over the time that is left; what comes back throws when it is up. */
export type StartClock = () => () => void;

/** One run of marshal. */
interface Job {
  readonly checkTime: (() => void) | undefined;
  readonly options: MarshalOptions;
  readonly context: EncodeContext;
  readonly list: OpList;
  /** For steps with several mounts: the daemon's output numbers by place of the mount. */
  readonly outputs: Map<Vertex, ReadonlyMap<number, number>>;
  /** The first output of what has been written; that of a frontend or an input is the result of its graph. */
  readonly results: Map<Vertex, DefinitionInput>;
}

const everywhere: Metadata = { ignoreCache: true };
/** Bytes of ops: a few times what a daemon takes, for those who look at a graph that is too large. */
const largest = 4 * messageLimit;

/** Turns a state and all that it is made of into a Definition: the same graph always gives the same bytes. */
export function marshal(state: State, options: MarshalOptions): Definition {
  const job = openJob(options);
  const { writer, runtime, platform } = job.context;
  const shared = { ops: job.list.ops, platform, runtime };
  if (state.output === undefined) {
    return { ...shared, bytes: writer.view(0), result: undefined, terminal: undefined, sources: [] };
  }
  walk(state.output.vertex, job);
  const result = job.context.resolve(state.output);
  const terminal = writeTerminal(job.list, result);
  return { ...shared, bytes: writer.view(0), result, terminal, sources: [...job.list.sources] };
}

function openJob(options: MarshalOptions): Job {
  const outputs = new Map<Vertex, ReadonlyMap<number, number>>();
  const results = new Map<Vertex, DefinitionInput>();
  const resolve = ({ vertex, index }: Output): DefinitionInput => {
    const result = results.get(vertex);
    if (result === undefined) throw new Error("an input was not encoded before its user");
    const number = index === 0 ? undefined : outputs.get(vertex)?.get(index);
    return number === undefined ? result : { op: result.op, index: number };
  };
  const writer = new Writer(1 << 16);
  const { supported } = options;
  const context = openContext({
    writer,
    runtime: runtimeOf(options.configOf),
    platform: options.platform,
    resolve,
    supported,
  });
  const checkTime = options.startClock?.();
  return { checkTime, options, context, list: openOpList(writer), outputs, results };
}

// Depth first, inputs before users, without recursion: chains are as long as scripts make them.
function walk(root: Vertex, job: Job): void {
  if (addGraph(root, job)) return;
  const { results } = job;
  const path: Vertex[] = [root];
  const places: number[] = [0];
  for (let top = 0; top >= 0; ) {
    const vertex = path[top] ?? root;
    const place = places[top] ?? 0;
    const input = vertex.inputs[place];
    if (input === undefined) {
      addVertex(vertex, job);
      top--;
    } else {
      places[top] = place + 1;
      if (results.has(input.vertex) || addGraph(input.vertex, job)) continue;
      top++;
      path[top] = input.vertex;
      places[top] = 0;
    }
  }
}

// What a frontend's inputs became is part of its graph.
function addGraph(vertex: Vertex, { results, options, list }: Job): boolean {
  const { op } = vertex;
  if (op.type !== "frontend" && op.type !== "input") return false;
  const graph = op.type === "input" ? op.graph : options.graphOf?.(vertex);
  if (graph === undefined) return false;
  results.set(vertex, spliceGraph(graph, vertex, list, options.noCache ? everywhere : undefined));
  return true;
}

function addVertex(vertex: Vertex, job: Job): void {
  const { list } = job;
  const { writer } = list;
  const before = writer.length;
  const mark = writer.begin(1);
  const encoded = encodeHere(vertex, job);
  const size = writer.length - mark;
  const digest = digestOf(writer.view(mark));
  const metadata = metadataAt(vertex, job.options);
  const locations = placeOf(vertex.location, list);
  let op = list.byDigest.get(digest);
  if (op === undefined) {
    writer.end(mark);
    const end = writer.length;
    const { inputs, caps } = encoded;
    op = { digest, start: end - size, end, vertex: encoded.vertex ?? vertex, inputs, metadata, caps, locations };
    addOp(list, op);
  } else {
    writer.truncate(before);
    mergeOp(list, op, metadata, encoded.caps, locations);
  }
  job.results.set(vertex, { op, index: 0 });
}

function metadataAt({ op, metadata }: Vertex, { noCache, steps }: MarshalOptions): Metadata | undefined {
  const known = op.type === "frontend" ? mergeMetadata(metadataOf({ name: frontendName(op) }), metadata) : metadata;
  const limited = op.type === "exec" && steps?.resources !== undefined;
  const own = limited ? mergeMetadata({ linuxResources: steps.resources }, known) : known;
  return noCache ? mergeMetadata(everywhere, own) : own;
}

function encodeHere(vertex: Vertex, job: Job): Encoded {
  const { location } = vertex;
  try {
    checkGrowth(job);
    return encodeOp(vertex, job);
  } catch (error) {
    if (!(error instanceof LuakitError) || location === undefined) throw error;
    throw error.at(positionOf(location), callersOf(location));
  }
}

/** Refuses a graph that would fill all memory, or that takes too long to write. */
function checkGrowth({ checkTime, list }: Job): void {
  if (list.writer.length > largest) refuseSize(largest);
  checkTime?.();
}

function encodeOp(vertex: Vertex, job: Job): Encoded {
  const { op } = vertex;
  switch (op.type) {
    case "source": {
      const { localUniqueId, resolveMode } = job.options;
      const digest = job.options.digestOf?.(vertex, op.pinned === true);
      return encodeSource(vertex, op, { digest, localUniqueId, resolveMode }, job.context);
    }
    case "exec":
      return encodeStep(vertex, op, job);
    case "file":
      return encodeFile(op, job.context);
    case "merge":
      return encodeMerge(vertex, job.context);
    case "diff":
      return encodeDiff(op, job.context);
    case "input":
      throw new Error("the ops of an input were to take its place");
    case "frontend":
      if (job.options.sketch) return encodeFrontend(vertex, op, job.context);
      throw needsDaemon(op);
  }
}

function encodeStep(vertex: Vertex, given: ExecOp, { options: { steps }, context, outputs }: Job): Encoded {
  const plain = steps === undefined ? encodePlainStep(vertex, given, context) : undefined;
  if (plain !== undefined) return plain;
  const op = steps === undefined ? given : withDefaults(given, steps, context.runtime);
  const mounts = placeMounts(op, context.runtime);
  if (mounts.length > 0) outputs.set(vertex, new Map(mounts.map(({ slot, output }) => [slot, output])));
  const encoded = encodeExec(vertex, op, mounts, context);
  if (steps === undefined) return encoded;
  const caps = steps.resources === undefined ? encoded.caps : [...encoded.caps, resourcesCap];
  return { ...encoded, caps, vertex: { ...vertex, op } };
}

/** The error of a frontend where no daemon is asked. */
export function needsDaemon(op: FrontendOp): LuakitError {
  return new LuakitError("llb.unsupported", `${frontendFunction(op)} needs a daemon`, {
    hint: "luakit build --solve builds with one",
  });
}
