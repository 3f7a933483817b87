import type { DiffOp, FileAction } from "../gen/ops.ts";
import type { WireOp } from "./wire-op.ts";

// Names of merges hold those of their inputs, which hold those of theirs.
const longest = 1000;

/** The name that a daemon gives an op (`llbOpName` of BuildKit), cut when merges of merges make it endless. */
export function vertexName(wire: WireOp): string {
  const { source, exec, file, merge, diff, build, passthrough } = wire.op;
  if (source !== undefined) return source.identifier;
  if (exec !== undefined) return (exec.meta?.args ?? []).join(" ");
  if (file !== undefined) return file.actions.map(actionName).filter(Boolean).join(", ");
  if (merge !== undefined) return cut(`merge (${wire.inputs.map(({ name }) => name).join(", ")})`);
  if (diff !== undefined) return cut(diffName(diff, wire));
  if (build !== undefined) return "build";
  return passthrough === undefined ? "unknown" : `passthrough ${passthrough.id}`;
}

function diffName({ lower, upper }: DiffOp, wire: WireOp): string {
  return `diff ${sideName(lower?.input, wire)} -> ${sideName(upper?.input, wire)}`;
}

function sideName(input: number | undefined, wire: WireOp): string {
  const side = input === undefined ? undefined : wire.inputs[input];
  return side === undefined ? "scratch" : `(${side.name})`;
}

function actionName({ mkdir, mkfile, rm, symlink, copy }: FileAction): string {
  if (mkdir !== undefined) return `mkdir ${mkdir.path}`;
  if (mkfile !== undefined) return `mkfile ${mkfile.path}`;
  if (rm !== undefined) return `rm ${rm.path}`;
  if (symlink !== undefined) return `symlink ${symlink.newpath} -> ${symlink.oldpath}`;
  return copy === undefined ? "" : `copy ${copy.src} ${copy.dest}`;
}

function cut(name: string): string {
  return name.length <= longest ? name : `${name.slice(0, longest)}…`;
}
