import type { FrontendOp } from "../llb/frontend.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import { needsDaemon } from "../llb/marshal.ts";
import type { State } from "../llb/state.ts";
import type { Output, Vertex } from "../llb/vertex.ts";

/** A vertex whose op is a frontend. */
export interface FrontendVertex extends Vertex {
  readonly op: FrontendOp;
}

/** The frontends that a state is made of, but not those within their inputs. */
export function frontendsOf({ output }: State): readonly FrontendVertex[] {
  const found: FrontendVertex[] = [];
  const seen = new Set<Vertex>();
  const open: Output[] = output === undefined ? [] : [output];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { vertex } = next;
    if (seen.has(vertex)) continue;
    seen.add(vertex);
    if (isFrontend(vertex)) found.push(vertex);
    else open.push(...vertex.inputs);
  }
  return found;
}

/** Throws, at the line that asks for it, when a state needs a frontend: where no daemon is there to run it. */
export function refuseFrontends(state: State): void {
  const [first] = frontendsOf(state);
  if (first === undefined) return;
  const { op, location } = first;
  const error = needsDaemon(op);
  throw location === undefined ? error : error.at(positionOf(location), callersOf(location));
}

export function isFrontend(vertex: Vertex): vertex is FrontendVertex {
  return vertex.op.type === "frontend";
}
