import type { Op } from "../gen/ops.ts";
import type { ScriptLine, VertexMetadata } from "./graph.ts";

/** What a graph is made from: a Definition, read from its bytes or as luakit made it. */
export interface GraphSource {
  /** Each once, inputs before users. */
  readonly ops: readonly SourceOp[];
  /** Absent for scratch. */
  readonly result: SourceResult | undefined;
  /** The scripts that lines are in, by their names. */
  readonly files: readonly (readonly [name: string, data: string])[];
}

export interface SourceOp {
  readonly op: Op;
  readonly digest: string;
  readonly remarks: Remarks;
}

export interface SourceResult {
  readonly digest: string;
  readonly index: number;
}

/** What a Definition has about an op beside its bytes. */
export interface Remarks {
  /** The name that it was given. */
  readonly name: string | undefined;
  readonly locations: readonly ScriptLine[];
  readonly metadata: VertexMetadata;
}
