import { type EncodeContext, type Encoded, writeCommon } from "./encode.ts";
import { compareBytes } from "./order.ts";
import { isPlatformSpecific, type SourceOp } from "./source.ts";
import { imageReference, pinnedIdentifier } from "./source-image.ts";
import type { Vertex } from "./vertex.ts";

/** What marshal may add to sources. */
export interface SourceAdditions {
  /** The digest of an image that is to be pinned. */
  readonly digest: string | undefined;
  /** Keeps local sources of different clients apart. */
  readonly localUniqueId: string | undefined;
  /** Images of which nothing else is said are those that the daemon has. */
  readonly preferLocal: boolean;
}

/** Writes a source as pb.Op. */
export function encodeSource(
  vertex: Vertex,
  op: SourceOp,
  additions: SourceAdditions,
  context: EncodeContext,
): Encoded {
  const { writer } = context;
  writeCommon(context, [], isPlatformSpecific(op) ? (vertex.platform ?? context.platform) : undefined);
  const mark = writer.begin(3);
  writer.text(1, pinnedIdentifier(op, additions.digest));
  const { unique, attributes } = added(op, additions);
  writer.map(2, attributes);
  writer.end(mark);
  return { inputs: [], caps: unique ? [...op.caps, "source.local.unique"] : op.caps };
}

/** A source's attributes, in their order, with what this marshal adds. */
function added(op: SourceOp, { localUniqueId, preferLocal }: SourceAdditions) {
  const unique = localUniqueId !== undefined && op.identifier.startsWith("local://");
  const local = preferLocal && imageReference(op) !== undefined && !op.attributes.some(([key]) => key === resolveMode);
  if (!unique && !local) return { unique, attributes: op.attributes };
  const attributes = [...op.attributes];
  if (unique) attributes.push(["local.unique", localUniqueId]);
  if (local) attributes.push([resolveMode, "local"]);
  return { unique, attributes: attributes.sort(([left], [right]) => compareBytes(left, right)) };
}

const resolveMode = "image.resolvemode";
