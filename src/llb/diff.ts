import type { Context } from "./location.ts";
import { type State, scratch, withOutput } from "./state.ts";
import type { Output } from "./vertex.ts";

/** What changed between two trees: the inputs of the vertex, without those that are scratch. */
export interface DiffOp {
  readonly type: "diff";
  readonly lower?: Output | undefined;
  readonly upper?: Output | undefined;
}

/** What `upper` has on top of `lower`. Nothing below gives `upper`, the same on both sides gives scratch. */
export function diff(lower: State, upper: State, context: Context): State {
  if (lower.output === undefined) return upper.output === undefined ? scratch : upper;
  if (sameOutput(lower.output, upper.output)) return scratch;
  const inputs = upper.output === undefined ? [lower.output] : [lower.output, upper.output];
  const op: DiffOp = { type: "diff", lower: lower.output, upper: upper.output };
  return withOutput(lower, { vertex: { op, inputs, location: context.location }, index: 0 });
}

function sameOutput(left: Output, right: Output | undefined): boolean {
  return right !== undefined && left.vertex === right.vertex && left.index === right.index;
}
