import type { Platform } from "../oci/platform.ts";
import type { Location } from "./location.ts";
import type { Metadata } from "./metadata.ts";
import type { Op } from "./op.ts";

/**
 * One output of a vertex: what an input of another vertex refers to. For an exec, `index` is 0 for the root and n for
 * the n-th of `op.mounts`; marshal turns it into the daemon's numbering. Elsewhere it is 0.
 */
export interface Output {
  readonly vertex: Vertex;
  readonly index: number;
}

/** An op in the graph, before it has bytes. */
export interface Vertex {
  readonly op: Op;
  /** In the order in which the graph is walked. */
  readonly inputs: readonly Output[];
  /** Written for exec and image sources only; absent means the platform of the build. */
  readonly platform?: Platform | undefined;
  readonly metadata?: Metadata | undefined;
  readonly location?: Location | undefined;
}
