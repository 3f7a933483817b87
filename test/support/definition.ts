import { fromBinary } from "@bufbuild/protobuf";
import { digestOf } from "../../scripts/testbed/layout.ts";
import { type Definition, DefinitionSchema, type Op, OpSchema } from "./gen/pb/ops_pb.ts";

/** One op of a Definition, by the digest of its bytes. */
export interface DecodedOp extends Op {
  readonly digest: string;
}

/** The message that `luakit build` wrote. */
export function decodeDefinition(bytes: Uint8Array): Definition {
  return fromBinary(DefinitionSchema, bytes);
}

/** The ops in their order, without the terminal one; throws when there is none. */
export function decodeOps(bytes: Uint8Array): [DecodedOp, ...DecodedOp[]] {
  const [first, ...rest] = decodeDefinition(bytes)
    .def.slice(0, -1)
    .map((op) => ({ ...fromBinary(OpSchema, op), digest: digestOf(op) }));
  if (first === undefined) throw new Error("the Definition has no op");
  return [first, ...rest];
}
