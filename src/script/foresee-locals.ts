import type { Gateway } from "../gateway/gateway.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { marshalSource } from "../llb/marshal-source.ts";
import { type State, scratch } from "../llb/state.ts";
import type { Vertex } from "../llb/vertex.ts";
import type { Platform } from "../oci/platform.ts";

/** Directories that are asked for ahead, and vertices that are looked at for them. */
const most = { locals: 4, vertices: 10_000 };

/**
 * Has the daemon take the client's directories while it asks registries for images. It is the same vertex as in the
 * graph that follows, which finds it done, or under way.
 */
export function foreseeLocals(gateway: Gateway, result: State, platform: Platform): void {
  for (const vertex of localsOf(result)) {
    const state = { ...scratch, output: { vertex, index: 0 } };
    const definition = marshalSource(state, { platform, localUniqueId: gateway.sessionId });
    const take = async () => {
      const { reference } = await gateway.solve(encodeDefinition(definition));
      if (reference?.id !== undefined) await gateway.evaluate(reference.id);
    };
    // The graph itself tells what goes wrong.
    take().catch(() => undefined);
  }
}

/** The directories of a graph whose contents the daemon needs in any case: what frontends get, they may not use. */
function localsOf({ output }: State): readonly Vertex[] {
  const found: Vertex[] = [];
  const seen = new Set<Vertex>();
  const open = output === undefined ? [] : [output.vertex];
  for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
    if (seen.has(vertex)) continue;
    seen.add(vertex);
    const { op } = vertex;
    if (op.type === "frontend") continue;
    if (op.type === "source" && op.identifier.startsWith("local://")) found.push(vertex);
    if (found.length > most.locals || seen.size > most.vertices) return [];
    for (const input of vertex.inputs) open.push(input.vertex);
  }
  return found;
}
