import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { Graph, GraphInput, GraphVertex, VertexKind } from "./graph.ts";

/** The kinds that can be asked for. */
export const filterKinds: readonly VertexKind[] = ["Exec", "Source", "File", "Merge", "Diff", "Build", "Passthrough"];

/** The kind of that name, in upper or lower case; a LuakitError about usage when there is none. */
export function parseKind(name: string): VertexKind {
  const kind = filterKinds.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (kind !== undefined) return kind;
  throw new LuakitError("usage", `--filter: unknown kind "${name}"${didYouMean(name, filterKinds)}`, {
    hint: `one of ${filterKinds.slice(0, -1).join(", ")}`,
  });
}

/** Keeps the vertices of these kinds. What was joined through others is joined directly, and marked as indirect. */
export function filterGraph(graph: Graph, kinds: ReadonlySet<VertexKind>): Graph {
  const removed = new Map<number, GraphVertex>();
  for (const vertex of graph.vertices) if (!kinds.has(vertex.kind)) removed.set(vertex.number, vertex);
  if (removed.size === 0) return graph;
  return {
    ...graph,
    vertices: graph.vertices
      .filter(({ number }) => !removed.has(number))
      .map((vertex) => ({ ...vertex, inputs: keptInputs(vertex.inputs, removed) })),
    results: graph.results.map((result) => ({ ...result, inputs: keptInputs(result.inputs, removed) })),
  };
}

function keptInputs(inputs: readonly GraphInput[], removed: ReadonlyMap<number, GraphVertex>): GraphInput[] {
  return inputs.flatMap((input) => (removed.has(input.number) ? nearestKept(input, removed) : [input]));
}

// The first kept vertices below a removed one, each once, without recursion.
function nearestKept(start: GraphInput, removed: ReadonlyMap<number, GraphVertex>): GraphInput[] {
  const found: GraphInput[] = [];
  const seen = new Set<number>([start.number]);
  const open = [start];
  for (let input = open.pop(); input !== undefined; input = open.pop()) {
    const below = removed.get(input.number);
    if (below === undefined) {
      found.push({ ...input, roles: start.roles, indirect: true });
      continue;
    }
    for (const next of below.inputs) {
      if (seen.has(next.number)) continue;
      seen.add(next.number);
      open.push(next);
    }
  }
  return found.sort((left, right) => left.number - right.number);
}
