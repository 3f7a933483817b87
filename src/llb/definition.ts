import type { Platform } from "../oci/platform.ts";
import type { Digest } from "./digest.ts";
import type { Location, SourceFile } from "./location.ts";
import type { Metadata } from "./metadata.ts";
import type { Runtime } from "./runtime.ts";
import type { Vertex } from "./vertex.ts";

/** An input as it is written: an op and the daemon's number of its output. */
export interface DefinitionInput {
  readonly op: DefinitionOp;
  readonly index: number;
}

/** An op that has its bytes. */
export interface DefinitionOp {
  readonly digest: Digest;
  /** Where its bytes are in `Definition.bytes`. */
  readonly start: number;
  readonly end: number;
  /** The first vertex that had these bytes. */
  readonly vertex: Vertex;
  /** In the order of the op's own numbering. */
  readonly inputs: readonly DefinitionInput[];
  readonly metadata: Metadata | undefined;
  /** Sorted. */
  readonly caps: readonly string[];
  /** Where it was made; each leads on to its callers. Several when lines made the same op. */
  readonly locations: readonly Location[];
}

/** A graph that is ready for a daemon. Without a result it is scratch, and has no ops. */
export interface Definition {
  /** Every op once, inputs first, the terminal op last: field 1 of pb.Definition, as it is written. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Without the terminal op. */
  readonly ops: readonly DefinitionOp[];
  readonly result: DefinitionInput | undefined;
  /** The digest of the terminal op, which names the result. */
  readonly terminal: Digest | undefined;
  /** The files that locations are in, in the order of their numbers. */
  readonly sources: readonly SourceFile[];
  /** What ops without a platform of their own are for. */
  readonly platform: Platform;
  readonly runtime: Runtime;
}

/** The bytes of one op: those that its digest is of. */
export function bytesOf(definition: Definition, op: DefinitionOp): Uint8Array<ArrayBuffer> {
  return definition.bytes.subarray(op.start, op.end);
}
