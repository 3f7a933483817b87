import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";
import { Writer } from "../wire/writer.ts";
import type { Definition, DefinitionInput, DefinitionOp } from "./definition.ts";
import { type Digest, digestOf } from "./digest.ts";
import type { EncodeContext, Encoded } from "./encode.ts";
import { encodeExec, placeMounts, plainStepCaps } from "./encode-exec.ts";
import { encodeFile } from "./encode-file.ts";
import { encodeDiff, encodeMerge } from "./encode-graph.ts";
import { encodeSource } from "./encode-source.ts";
import { callersOf, type Location, positionOf, type SourceFile } from "./location.ts";
import { type Metadata, mergeMetadata } from "./metadata.ts";
import { type ConfigOf, runtimeOf } from "./runtime.ts";
import type { State } from "./state.ts";
import type { Output, Vertex } from "./vertex.ts";

export interface MarshalOptions {
  /** What ops without a platform of their own are for. */
  readonly platform: Platform;
  /** The config of an image source. Without it steps start with no environment, at `/`, as root. */
  readonly configOf?: ConfigOf | undefined;
  /** The digest of an image that was made with `resolveDigest`. Without it the reference stays as it is. */
  readonly digestOf?: ((image: Vertex) => Digest | undefined) | undefined;
  /** Written on local sources, so that a daemon keeps those of different clients apart. */
  readonly localUniqueId?: string | undefined;
  /** Ignore the cache of every op. */
  readonly noCache?: boolean | undefined;
  /** The capabilities that the daemon has, when they are known. */
  readonly supported?: ReadonlySet<string> | undefined;
}

/** An op while others may still turn out to have the same bytes. */
type OpenOp = { -readonly [K in keyof DefinitionOp]: DefinitionOp[K] };

/** One run of marshal. */
interface Job {
  readonly options: MarshalOptions;
  readonly context: EncodeContext;
  readonly ops: OpenOp[];
  readonly byVertex: Map<Vertex, OpenOp>;
  readonly byDigest: Map<Digest, OpenOp>;
  /** For steps with several mounts: the daemon's output numbers by place of the mount. */
  readonly outputs: Map<Vertex, ReadonlyMap<number, number>>;
  /** One list for each set of capabilities. */
  readonly caps: Map<string, readonly string[]>;
  readonly sources: Set<SourceFile>;
  /** One list for each place: loops make many ops at the same. */
  readonly places: Map<Location, readonly Location[]>;
}

const nowhere: readonly Location[] = [];
const everywhere: Metadata = { ignoreCache: true };

/** Turns a state and all that it is made of into a Definition: the same graph always gives the same bytes. */
export function marshal(state: State, options: MarshalOptions): Definition {
  const job = openJob(options);
  const { writer, runtime, platform } = job.context;
  const shared = { ops: job.ops, platform, runtime };
  if (state.output === undefined) {
    return { ...shared, bytes: writer.view(0), result: undefined, terminal: undefined, sources: [] };
  }
  walk(state.output.vertex, job);
  const result = job.context.resolve(state.output);
  const mark = writer.begin(1);
  const input = writer.begin(1);
  writer.text(1, result.op.digest);
  writer.number(2, result.index);
  writer.end(input);
  const terminal = digestOf(writer.view(mark));
  writer.end(mark);
  return { ...shared, bytes: writer.view(0), result, terminal, sources: [...job.sources] };
}

function openJob(options: MarshalOptions): Job {
  const byVertex = new Map<Vertex, OpenOp>();
  const outputs = new Map<Vertex, ReadonlyMap<number, number>>();
  const resolve = ({ vertex, index }: Output): DefinitionInput => {
    const op = byVertex.get(vertex);
    if (op === undefined) throw new Error("an input was not encoded before its user");
    return { op, index: index === 0 ? 0 : (outputs.get(vertex)?.get(index) ?? 0) };
  };
  const context = {
    writer: new Writer(1 << 16),
    runtime: runtimeOf(options.configOf),
    platform: validatePlatform(options.platform),
    resolve,
    supported: options.supported,
    commonBytes: new Map(),
    rootBytes: new Map(),
  };
  const maps = { byVertex, byDigest: new Map(), outputs, caps: new Map(), places: new Map() };
  return { options, context, ops: [], sources: new Set(), ...maps };
}

// Depth first, inputs before users, without recursion: chains are as long as scripts make them.
function walk(root: Vertex, job: Job): void {
  const path = [{ vertex: root, next: 0 }];
  for (let frame = path[0]; frame !== undefined; frame = path[path.length - 1]) {
    const input = frame.vertex.inputs[frame.next++];
    if (input === undefined) {
      addVertex(frame.vertex, job);
      path.pop();
    } else if (!job.byVertex.has(input.vertex)) {
      path.push({ vertex: input.vertex, next: 0 });
    }
  }
}

function addVertex(vertex: Vertex, job: Job): void {
  const { writer } = job.context;
  const before = writer.length;
  const mark = writer.begin(1);
  const encoded = encodeHere(vertex, job);
  const size = writer.length - mark;
  const digest = digestOf(writer.view(mark));
  const metadata = job.options.noCache ? mergeMetadata(everywhere, vertex.metadata) : vertex.metadata;
  const known = job.byDigest.get(digest);
  if (known === undefined) {
    writer.end(mark);
    const end = writer.length;
    const caps = internCaps(encoded.caps, job);
    const locations = vertex.location === undefined ? nowhere : placeOf(vertex.location, job);
    const op = { digest, start: end - size, end, vertex, inputs: encoded.inputs, metadata, caps, locations };
    job.byDigest.set(digest, op);
    job.byVertex.set(vertex, op);
    job.ops.push(op);
  } else {
    writer.truncate(before);
    known.metadata = mergeMetadata(known.metadata, metadata);
    known.caps = internCaps([...known.caps, ...encoded.caps], job);
    job.byVertex.set(vertex, known);
    const { location } = vertex;
    if (location === undefined || known.locations.some((other) => sameLocation(other, location))) return;
    known.locations = [...known.locations, ...placeOf(location, job)];
  }
}

function placeOf(location: Location, job: Job): readonly Location[] {
  const known = job.places.get(location);
  if (known !== undefined) return known;
  const place = [location];
  job.places.set(location, place);
  for (let at: Location | undefined = location; at !== undefined; at = at.caller) job.sources.add(at.source);
  return place;
}

function sameLocation(left: Location, right: Location): boolean {
  if (left === right) return true;
  if (left.source !== right.source || left.line !== right.line) return false;
  if (left.caller === undefined || right.caller === undefined) return left.caller === right.caller;
  return sameLocation(left.caller, right.caller);
}

function internCaps(caps: readonly string[], job: Job): readonly string[] {
  if (caps === plainStepCaps) return caps;
  const key = caps.join(" ");
  const known = job.caps.get(key);
  if (known !== undefined) return known;
  const sorted = [...new Set(caps)].sort();
  const sortedKey = sorted.join(" ");
  const interned = job.caps.get(sortedKey) ?? sorted;
  job.caps.set(key, interned).set(sortedKey, interned);
  return interned;
}

function encodeHere(vertex: Vertex, job: Job): Encoded {
  try {
    return encodeOp(vertex, job);
  } catch (error) {
    if (!(error instanceof LuakitError) || vertex.location === undefined) throw error;
    throw error.at(positionOf(vertex.location), callersOf(vertex.location));
  }
}

function encodeOp(vertex: Vertex, job: Job): Encoded {
  const { op } = vertex;
  switch (op.type) {
    case "source": {
      const digest = op.pinned ? job.options.digestOf?.(vertex) : undefined;
      return encodeSource(vertex, op, { digest, localUniqueId: job.options.localUniqueId }, job.context);
    }
    case "exec": {
      const mounts = placeMounts(op, job.context.runtime);
      if (mounts.length > 0) job.outputs.set(vertex, new Map(mounts.map(({ slot, output }) => [slot, output])));
      return encodeExec(vertex, op, mounts, job.context);
    }
    case "file":
      return encodeFile(op, job.context);
    case "merge":
      return encodeMerge(vertex, job.context);
    case "diff":
      return encodeDiff(op, job.context);
  }
}
