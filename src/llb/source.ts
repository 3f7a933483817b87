import type { Platform } from "../oci/platform.ts";
import { checkText } from "./invalid.ts";
import type { Context } from "./location.ts";
import { sortedEntries } from "./order.ts";
import { type State, scratch } from "./state.ts";
import type { Vertex } from "./vertex.ts";

/** Files from somewhere: an image, a local directory, git, http, an OCI layout. */
export interface SourceOp {
  readonly type: "source";
  /** `docker-image://…`, `local://…`, `git://…`, `https://…`, … */
  readonly identifier: string;
  /** Ordered by the bytes of the keys, as they are written. */
  readonly attributes: readonly (readonly [string, string])[];
  readonly caps: readonly string[];
  /** The reference is written with the digest that it has now. */
  readonly pinned?: boolean | undefined;
}

/** What a source file collects before the op is made. */
export interface SourceParts {
  readonly identifier: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly caps: Iterable<string>;
  readonly platform?: Platform | undefined;
  readonly pinned?: boolean | undefined;
}

/** The vertex of a source. Attribute values must be valid UTF-8. */
export function sourceVertex(parts: SourceParts, context: Context): Vertex {
  for (const [key, value] of parts.attributes) checkText(key, value);
  checkText("source", parts.identifier);
  const op: SourceOp = {
    type: "source",
    identifier: parts.identifier,
    attributes: sortedEntries(parts.attributes),
    caps: [...parts.caps],
    pinned: parts.pinned,
  };
  return { op, inputs: [], platform: parts.platform, location: context.location };
}

/** The state of a source that carries no image config. */
export function sourceState(parts: SourceParts, context: Context): State {
  return { ...scratch, output: { vertex: sourceVertex(parts, context), index: 0 } };
}

/** Whether the daemon resolves this source per platform. */
export function isPlatformSpecific(op: SourceOp): boolean {
  return op.identifier.startsWith("docker-image://") || op.identifier.startsWith("oci-layout://");
}
