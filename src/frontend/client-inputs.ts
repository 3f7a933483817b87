import type { Gateway } from "../gateway/gateway.ts";
import type { Definition } from "../gen/ops.ts";
import type { Context, SourceFile } from "../llb/location.ts";
import { type State, scratch } from "../llb/state.ts";
import { statusCode, statusOf } from "../rpc/status.ts";

/** What the client gave as inputs: States by name, and the configs of images that they are. */
export interface ClientInputs {
  has(name: string): boolean;
  /** Throws when there is no such input. `config` is JSON. */
  state(name: string, config: Uint8Array | undefined, context: Context): State;
}

/** Asks the daemon for the client's inputs. Those of daemons that know of none are none. */
export async function readClientInputs(gateway: Gateway): Promise<ClientInputs> {
  const definitions = await gateway.inputs().catch((error: unknown): ReadonlyMap<string, Definition> => {
    if (statusOf(error)?.code === statusCode.unimplemented) return new Map();
    throw error;
  });
  if (definitions.size === 0) return { has: () => false, state: (name) => refuse(name) };
  const [{ readFrontendGraph }, { input }] = await Promise.all([
    import("../llb/frontend-graph.ts"),
    import("../llb/input.ts"),
  ]);
  const files = new Map<string, SourceFile>();
  const graphs = new Map<string, ReturnType<typeof readFrontendGraph>>();
  const graphOf = (name: string, definition: Definition) => {
    const graph = graphs.get(name) ?? readFrontendGraph(definition, { ours: new Map(), files });
    graphs.set(name, graph);
    return graph;
  };
  return {
    has: (name) => definitions.has(name),
    state(name, config, context) {
      const definition = definitions.get(name);
      if (definition === undefined) return refuse(name);
      return definition.def.length === 0 ? scratch : input(graphOf(name, definition), config, context);
    },
  };
}

function refuse(name: string): never {
  throw new Error(`there is no input "${name}"`);
}
