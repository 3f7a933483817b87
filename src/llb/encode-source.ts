import { type EncodeContext, type Encoded, writeCommon } from "./encode.ts";
import { compareBytes } from "./order.ts";
import { isPlatformSpecific, type SourceOp } from "./source.ts";
import { imageReference, pinnedIdentifier, type ResolveMode } from "./source-image.ts";
import type { Vertex } from "./vertex.ts";

/** What marshal may add to sources. */
export interface SourceAdditions {
  /** The digest of an image that is to be pinned. */
  readonly digest: string | undefined;
  /** Keeps local sources of different clients apart. */
  readonly localUniqueId: string | undefined;
  /** How images are resolved of which nothing else is said. */
  readonly resolveMode: ResolveMode | undefined;
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
  const { attributes, caps } = added(op, additions);
  writer.map(2, attributes);
  writer.end(mark);
  return { inputs: [], caps };
}

/** A source's attributes, in their order, and its capabilities, with what this marshal adds. */
function added(op: SourceOp, { localUniqueId, resolveMode = "default" }: SourceAdditions) {
  const attributes = [...op.attributes];
  const caps = [...op.caps];
  if (localUniqueId !== undefined && op.identifier.startsWith("local://") && !hasSession(op)) {
    attributes.push(["local.unique", localUniqueId]);
    caps.push("source.local.unique");
  }
  if (
    resolveMode !== "default" &&
    imageReference(op) !== undefined &&
    !op.attributes.some(([key]) => key === modeKey)
  ) {
    attributes.push([modeKey, resolveMode]);
    if (resolveMode === "pull") caps.push("source.image.resolvemode");
  }
  return { attributes: attributes.sort(([left], [right]) => compareBytes(left, right)), caps };
}

function hasSession({ attributes }: SourceOp): boolean {
  return attributes.some(([key]) => key === "local.session");
}

const modeKey = "image.resolvemode";
