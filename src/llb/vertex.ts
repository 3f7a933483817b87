import type { Location } from "./location.ts";
import type { Op } from "./op.ts";
import type { Platform } from "./platform.ts";

/** One output of a vertex: what an input of another vertex refers to. */
export interface Output {
  readonly vertex: Vertex;
  readonly index: number;
}

export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  readonly weak?: boolean;
}

/** What the daemon keeps beside an op. It is no part of the op's digest. */
export interface Metadata {
  /** `llb.customname` is the name that progress shows. */
  readonly description?: Readonly<Record<string, string>>;
  readonly ignoreCache?: boolean;
  readonly progressGroup?: ProgressGroup;
}

/** An op in the graph, before it has bytes. */
export interface Vertex {
  readonly op: Op;
  readonly inputs: readonly Output[];
  /** Written for exec and image sources only; absent means the platform of the build. */
  readonly platform?: Platform | undefined;
  readonly metadata?: Metadata | undefined;
  readonly location?: Location | undefined;
}
