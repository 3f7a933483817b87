import type { Op } from "../gen/pb/ops_pb.ts";
import { execRoles } from "./exec-details.ts";
import { fileRoles } from "./file-details.ts";

/** What an op uses its inputs for: one list per input. */
export function inputRoles({ op, inputs }: Op): readonly (readonly string[])[] {
  switch (op.case) {
    case "exec":
      return execRoles(op.value, inputs.length);
    case "file":
      return fileRoles(op.value, inputs.length);
    case "merge":
      return inputs.map((_, at) => [`input ${at + 1}`]);
    case "diff": {
      const { lower, upper } = op.value;
      const role = (name: string, side: { input: bigint } | undefined, at: number) =>
        side !== undefined && Number(side.input) === at ? [name] : [];
      return inputs.map((_, at) => [...role("lower", lower, at), ...role("upper", upper, at)]);
    }
    case "build": {
      const named = Object.entries(op.value.inputs);
      return inputs.map((_, at) => named.flatMap(([name, { input }]) => (Number(input) === at ? [name] : [])));
    }
    default:
      return [];
  }
}
