import type { FrontendGraph } from "./frontend-graph.ts";
import type { Context } from "./location.ts";
import { type State, scratch } from "./state.ts";
import type { Vertex } from "./vertex.ts";

/** A graph that somebody else made, such as the client of a frontend: its ops take the vertex's place as they are. */
export interface InputOp {
  readonly type: "input";
  readonly graph: FrontendGraph;
  /** JSON of the config of the image that it is, when that is known. */
  readonly config?: Uint8Array | undefined;
}

/** The result of a ready graph. Steps on it start from `config`. */
export function input(graph: FrontendGraph, config: Uint8Array | undefined, context: Context): State {
  const op: InputOp = { type: "input", graph, config };
  const vertex: Vertex = { op, inputs: [], location: context.location };
  return { ...scratch, output: { vertex, index: 0 }, base: config === undefined ? undefined : vertex };
}
