import type { Op } from "../gen/ops.ts";
import type { GraphInput, VertexKind } from "./graph.ts";

/** An op of a Definition, and what is known of its surroundings when it is described. */
export interface WireOp {
  readonly op: Op;
  /** What `op.inputs` are, in their order. */
  readonly inputs: readonly WireInput[];
}

export interface WireInput {
  readonly use: GraphInput;
  /** The name of the vertex. */
  readonly name: string;
}

/** What an op does: which of pb.Op's variants it has. */
export function kindOf({ source, exec, file, merge, diff, build, passthrough }: Op): VertexKind {
  if (source !== undefined) return "Source";
  if (exec !== undefined) return "Exec";
  if (file !== undefined) return "File";
  if (merge !== undefined) return "Merge";
  if (diff !== undefined) return "Diff";
  if (build !== undefined) return "Build";
  return passthrough === undefined ? "Unknown" : "Passthrough";
}

/** `#3`, `#3:/out` for the output at a mount, `#3:1` for one without a path. */
export function outputLabel({ number, output, outputPath }: GraphInput): string {
  if (outputPath !== undefined) return `#${number}:${outputPath}`;
  return output === 0 ? `#${number}` : `#${number}:${output}`;
}

/** How details call the input at `index` of an op: `#3`, or `scratch` for -1. */
export function inputLabel(wire: WireOp, index: number): string {
  if (index < 0) return "scratch";
  const input = wire.inputs[index];
  return input === undefined ? `missing input ${index}` : outputLabel(input.use);
}

/** Bits of a mode as people write them. */
export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

/** The same fields without those that are empty, false or absent. */
export function compact<T extends string | number | boolean | readonly string[]>(
  fields: Readonly<Record<string, T | undefined>>,
): Record<string, T> {
  const kept: Record<string, T> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined || value === "" || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    kept[key] = value;
  }
  return kept;
}

/** A list for each input, for what it is used for. */
export function emptyRoles(count: number): string[][] {
  const roles: string[][] = [];
  while (roles.length < count) roles.push([]);
  return roles;
}
