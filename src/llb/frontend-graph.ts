import { LuakitError } from "../diagnostic/luakit-error.ts";
import {
  type Definition,
  Input,
  LinuxResources,
  type Op,
  type OpMetadata,
  Definition as WireDefinition,
} from "../gen/ops.ts";
import { type Codec, message } from "../wire/codec.ts";
import type { DefinitionOp } from "./definition.ts";
import { type Digest, digestOf } from "./digest.ts";
import type { Location, SourceFile, SourceRange } from "./location.ts";
import type { Metadata } from "./metadata.ts";

/** What a frontend gave: ops that stay as they are. */
export interface FrontendGraph {
  /** Each once, inputs before users, without the terminal op. */
  readonly ops: readonly FrontendGraphOp[];
  readonly result: FrontendGraphInput;
}

export interface FrontendGraphOp {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly inputs: readonly FrontendGraphInput[];
  readonly metadata: Metadata | undefined;
  readonly caps: readonly string[];
  readonly locations: readonly Location[];
  /** It is an op of ours, which the frontend got as part of an input. */
  readonly isOurs: boolean;
}

/** `index` is the daemon's number of the output. */
export interface FrontendGraphInput {
  readonly digest: Digest;
  readonly index: number;
}

export interface ReadFrontendGraphOptions {
  /** The ops that the frontend's inputs are made of: their places are known better than the frontend tells them. */
  readonly ours: ReadonlyMap<Digest, DefinitionOp>;
  /** Files by name and content: the same file of several frontends is one. */
  readonly files: Map<string, SourceFile>;
}

// The other fields of pb.Op are of no interest here.
const OpInputs: Codec<Pick<Op, "inputs">> = message(() => [[1, "inputs", "message", "list", () => Input]]);

/** Reads the Definition of a frontend's result; one that a daemon could not build is a LuakitError. */
export function readFrontendGraph(definition: Definition, options: ReadFrontendGraphOptions): FrontendGraph {
  const read = definition.def.map((bytes) => ({ bytes, digest: digestOf(bytes), inputs: inputsOf(bytes) }));
  const terminal = read.pop();
  const [result] = terminal?.inputs ?? [];
  if (terminal === undefined || result === undefined || terminal.inputs.length > 1) {
    throw malformed("it does not name one result");
  }
  if (result.index < 0) throw malformed("its result is an output that no op has");
  const known = new Map(read.map((op) => [op.digest, op]));
  const locate = locator(definition, options);
  const ops = ordered(result.digest, known).map((op) => {
    const { caps, ...metadata } = metadataOf(definition.metadata[op.digest]);
    const locations = options.ours.get(op.digest)?.locations;
    return { ...op, metadata, caps, locations: locations ?? locate(op.digest), isOurs: locations !== undefined };
  });
  return { ops, result };
}

interface ReadOp {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly inputs: readonly FrontendGraphInput[];
}

function inputsOf(bytes: Uint8Array): FrontendGraphInput[] {
  try {
    // What is no digest names no op, and is found out below.
    return OpInputs.decode(bytes).inputs.map(({ digest, index }) => ({ digest: digest as Digest, index }));
  } catch (cause) {
    throw malformed("one of its ops cannot be read", cause);
  }
}

// Only what the result needs, without recursion: chains can be long.
function ordered(result: Digest, ops: ReadonlyMap<Digest, ReadOp>): readonly ReadOp[] {
  const find = (digest: Digest): ReadOp => {
    const found = ops.get(digest);
    if (found === undefined) throw malformed(`it uses ${digest || "an op without digest"}, which it does not have`);
    return found;
  };
  const done = new Set<ReadOp>();
  const path = [{ op: find(result), next: 0 }];
  for (let frame = path[0]; frame !== undefined; frame = path[path.length - 1]) {
    const input = done.has(frame.op) ? undefined : frame.op.inputs[frame.next++];
    if (input === undefined) {
      done.add(frame.op);
      path.pop();
      continue;
    }
    if (input.index < 0) throw malformed("it uses an output that no op has");
    const used = find(input.digest);
    if (!done.has(used)) path.push({ op: used, next: 0 });
  }
  return [...done];
}

function metadataOf(metadata: OpMetadata | undefined): Metadata & { readonly caps: readonly string[] } {
  if (metadata === undefined) return { caps: [] };
  const { description, ignore_cache, export_cache, progress_group, linux_resources, caps } = metadata;
  const described = Object.entries(description);
  return {
    description: described.length === 0 ? undefined : new Map(described),
    ignoreCache: ignore_cache || undefined,
    exportCache: export_cache?.Value,
    progressGroup: progress_group,
    linuxResources: linux_resources === undefined ? undefined : LinuxResources.encode(linux_resources),
    caps: Object.keys(caps),
  };
}

function locator({ Source }: Definition, { files }: ReadFrontendGraphOptions): (digest: Digest) => Location[] {
  const sources = (Source?.infos ?? []).map(({ filename, data, language, definition }): SourceFile => {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
    const bytes = definition === undefined ? undefined : WireDefinition.encode(definition);
    const key = [filename, language, text, bytes === undefined ? "" : digestOf(bytes)].join("\0");
    const file = files.get(key) ?? { name: filename, data: text, language, definition: bytes };
    files.set(key, file);
    return file;
  });
  return (digest) =>
    (Source?.locations[digest]?.locations ?? []).flatMap(({ sourceIndex, ranges }) => {
      const source = sources[sourceIndex];
      const known = ranges.flatMap(({ start, end }): SourceRange[] =>
        start === undefined ? [] : [{ start, end: end ?? start }],
      );
      const [first] = known;
      return source === undefined || first === undefined ? [] : [{ source, line: first.start.line, ranges: known }];
    });
}

function malformed(problem: string, cause?: unknown): LuakitError {
  return new LuakitError("graph.decode", `the frontend gave no valid Definition: ${problem}`, { cause });
}
