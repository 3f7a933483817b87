import type { Op } from "../gen/ops.ts";
import type { Definition } from "../llb/definition.ts";
import { describeVertex } from "./describe-vertex.ts";
import { outputPath } from "./exec-details.ts";
import type { Graph, GraphInput, GraphResult, GraphVertex } from "./graph.ts";
import type { GraphSource } from "./graph-source.ts";
import { inputRoles } from "./input-roles.ts";
import { readBytes } from "./read-bytes.ts";
import { readDefinition } from "./read-definition.ts";
import { redact } from "./redact.ts";

/** One of several results that share a graph. */
export interface NamedDefinition {
  /** A platform or a target. */
  readonly name?: string | undefined;
  /** A serialized pb.Definition, or one that was made here. */
  readonly definition: Uint8Array | Definition;
}

/** The graph of a serialized pb.Definition; no bytes are scratch. Bytes that are none are a LuakitError. */
export function decodeGraph(bytes: Uint8Array): Graph {
  return decodeGraphs([{ definition: bytes }]);
}

/** One graph of several Definitions, with a result for each. The vertices that they share are there once. */
export function decodeGraphs(definitions: readonly NamedDefinition[]): Graph {
  return readGraphs(definitions, new Map());
}

/** The same, with the ops that its vertices were made from, by their digests. */
export function decodeGraphsAndOps(definitions: readonly NamedDefinition[]): {
  readonly graph: Graph;
  readonly ops: ReadonlyMap<string, Op>;
} {
  const known = new Map<string, KnownVertex>();
  const graph = readGraphs(definitions, known);
  return { graph, ops: new Map([...known].map(([digest, { op }]) => [digest, op])) };
}

/** Puts all vertices into `known`, which is empty. */
function readGraphs(definitions: readonly NamedDefinition[], known: Map<string, KnownVertex>): Graph {
  const results: GraphResult[] = [];
  const sources = new Map<string, string>();
  for (const { name, definition } of definitions) {
    const source = definition instanceof Uint8Array ? readBytes(definition) : readDefinition(definition);
    addVertices(source, known);
    for (const [file, data] of source.files) if (!sources.has(file)) sources.set(file, redact(data));
    const { result } = source;
    results.push({ name, inputs: result === undefined ? [] : [inputOf(known, result, [])] });
  }
  const vertices = [...known.values()].map(({ vertex }) => vertex);
  return { vertices, results, sources };
}

interface KnownVertex {
  readonly op: Op;
  readonly vertex: GraphVertex;
}

function addVertices({ ops }: GraphSource, known: Map<string, KnownVertex>): void {
  for (const each of ops) {
    const { op, digest } = each;
    if (known.has(digest)) continue;
    const roles = inputRoles(op);
    const inputs = op.inputs.map((input, at) => ({
      use: inputOf(known, input, roles[at] ?? []),
      name: vertexOf(known, input.digest).vertex.name,
    }));
    const vertex: GraphVertex = {
      ...describeVertex({ op, inputs }, each),
      number: known.size + 1,
      inputs: inputs.map(({ use }) => use),
    };
    known.set(digest, { op, vertex });
  }
}

function inputOf(
  known: ReadonlyMap<string, KnownVertex>,
  input: { readonly digest: string; readonly index: number },
  roles: readonly string[],
): GraphInput {
  const { op, vertex } = vertexOf(known, input.digest);
  const output = input.index;
  const path = op.exec === undefined ? undefined : outputPath(op.exec, output);
  return { number: vertex.number, output, outputPath: path, roles, indirect: false };
}

function vertexOf(known: ReadonlyMap<string, KnownVertex>, digest: string): KnownVertex {
  const found = known.get(digest);
  if (found === undefined) throw new Error(`op ${digest} stands before its input`);
  return found;
}
