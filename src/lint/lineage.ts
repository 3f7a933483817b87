import type { Target } from "../api/evaluation.ts";
import type { Op } from "../llb/op.ts";
import type { Output, Vertex } from "../llb/vertex.ts";

/** What a vertex's tree is made from: the tree that it changes, or those that it lays over each other. */
export function parentsOf({ vertex, index }: Output): readonly Output[] {
  const { op } = vertex;
  if (op.type === "exec") {
    const mount = index === 0 ? undefined : op.mounts[index - 1];
    const below = index === 0 ? op.state.output : mount?.type === "bind" ? mount.source.output : undefined;
    return below === undefined ? [] : [below];
  }
  if (op.type === "file") return op.state.output === undefined ? [] : [op.state.output];
  if (op.type === "merge") return vertex.inputs;
  if (op.type === "diff") return op.upper === undefined ? [] : [op.upper];
  return [];
}

/** A vertex and all whose trees its own is made from, the last first. */
export function* lineageOf(output: Output | undefined): Iterable<Vertex> {
  const seen = new Set<Vertex>();
  const open = output === undefined ? [] : [output];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.vertex)) continue;
    seen.add(next.vertex);
    yield next.vertex;
    open.push(...parentsOf(next));
  }
}

/** The ops whose changes are in a result as they are, not by way of a copy. */
export function shippedOps(targets: readonly Target[]): ReadonlySet<Op> {
  const ops = new Set<Op>();
  for (const { state } of targets) for (const { op } of lineageOf(state.output)) ops.add(op);
  return ops;
}
