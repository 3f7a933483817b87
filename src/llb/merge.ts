import { invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { type State, scratch, withOutput } from "./state.ts";

/** Trees laid over each other: the inputs of the vertex, later ones win. */
export interface MergeOp {
  readonly type: "merge";
}

const op: MergeOp = { type: "merge" };

/** Lays states over each other. Scratch vanishes, and one that is left is the result; the first gives the settings. */
export function merge(states: readonly State[], context: Context): State {
  if (states.length < 2) throw invalid(`merge needs two or more states, got ${states.length}`);
  const inputs = states.flatMap(({ output }) => output ?? []);
  const first = states.find(({ output }) => output !== undefined);
  if (first === undefined) return scratch;
  if (inputs.length === 1) return first;
  return withOutput(first, { vertex: { op, inputs, location: context.location }, index: 0 });
}
