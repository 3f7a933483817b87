import type { DiffOp, FileAction } from "../gen/pb/ops_pb.ts";
import type { WireOp } from "./wire-op.ts";

// Names of merges hold those of their inputs, which hold those of theirs.
const longest = 1000;

/** The name that a daemon gives an op (`llbOpName` of BuildKit), cut when merges of merges make it endless. */
export function vertexName(wire: WireOp): string {
  const { op } = wire.op;
  switch (op.case) {
    case "source":
      return op.value.identifier;
    case "exec":
      return (op.value.meta?.args ?? []).join(" ");
    case "file":
      return op.value.actions.map(actionName).filter(Boolean).join(", ");
    case "merge":
      return cut(`merge (${wire.inputs.map(({ name }) => name).join(", ")})`);
    case "diff":
      return cut(diffName(op.value, wire));
    case "build":
      return "build";
    case "passthrough":
      return `passthrough ${op.value.id}`;
    default:
      return "unknown";
  }
}

function diffName({ lower, upper }: DiffOp, wire: WireOp): string {
  return `diff ${sideName(lower?.input, wire)} -> ${sideName(upper?.input, wire)}`;
}

function sideName(input: bigint | undefined, wire: WireOp): string {
  const side = input === undefined ? undefined : wire.inputs[Number(input)];
  return side === undefined ? "scratch" : `(${side.name})`;
}

function actionName({ action }: FileAction): string {
  switch (action.case) {
    case "mkdir":
    case "mkfile":
    case "rm":
      return `${action.case} ${action.value.path}`;
    case "symlink":
      return `symlink ${action.value.newpath} -> ${action.value.oldpath}`;
    case "copy":
      return `copy ${action.value.src} ${action.value.dest}`;
    default:
      return "";
  }
}

function cut(name: string): string {
  return name.length <= longest ? name : `${name.slice(0, longest)}…`;
}
