import type { Op } from "../gen/ops.ts";
import { type DecodedDefinition, decodeDefinition } from "./decode-definition.ts";
import { describeVertex } from "./describe-vertex.ts";
import { outputPath } from "./exec-details.ts";
import type { Graph, GraphInput, GraphResult, GraphVertex } from "./graph.ts";
import { inputRoles } from "./input-roles.ts";
import { redact } from "./redact.ts";

/** One of several results that share a graph. */
export interface NamedDefinition {
  /** A platform or a target. */
  readonly name?: string | undefined;
  /** A serialized pb.Definition. */
  readonly bytes: Uint8Array;
}

/** The graph of a serialized pb.Definition; no bytes are scratch. Bytes that are none are a LuakitError. */
export function decodeGraph(bytes: Uint8Array): Graph {
  return decodeGraphs([{ bytes }]);
}

/** One graph of several Definitions, with a result for each. The vertices that they share are there once. */
export function decodeGraphs(definitions: readonly NamedDefinition[]): Graph {
  const known = new Map<string, KnownVertex>();
  const results: GraphResult[] = [];
  const sources = new Map<string, string>();
  for (const { name, bytes } of definitions) {
    const decoded = decodeDefinition(bytes);
    addVertices(decoded, known);
    addSources(decoded, sources);
    const { result } = decoded;
    results.push({ name, inputs: result === undefined ? [] : [inputOf(known, result, [])] });
  }
  return { vertices: [...known.values()].map(({ vertex }) => vertex), results, sources };
}

function addSources({ definition }: DecodedDefinition, sources: Map<string, string>): void {
  for (const { filename, data } of definition.Source?.infos ?? []) {
    if (!sources.has(filename)) sources.set(filename, redact(new TextDecoder().decode(data)));
  }
}

interface KnownVertex {
  readonly op: Op;
  readonly vertex: GraphVertex;
}

function addVertices({ definition, ops }: DecodedDefinition, known: Map<string, KnownVertex>): void {
  for (const { op, digest } of ops) {
    if (known.has(digest)) continue;
    const roles = inputRoles(op);
    const inputs = op.inputs.map((input, at) => ({
      use: inputOf(known, input, roles[at] ?? []),
      name: vertexOf(known, input.digest).vertex.name,
    }));
    const vertex: GraphVertex = {
      ...describeVertex({ op, inputs }, digest, definition),
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
