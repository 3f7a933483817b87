import { type EncodeContext, type Encoded, writeCommon } from "./encode.ts";
import { compareBytes } from "./order.ts";
import { isPlatformSpecific, type SourceOp } from "./source.ts";
import { pinnedIdentifier } from "./source-image.ts";
import type { Vertex } from "./vertex.ts";

/** What marshal may add to sources. */
export interface SourceAdditions {
  /** The digest of an image that is to be pinned. */
  readonly digest: string | undefined;
  /** Keeps local sources of different clients apart. */
  readonly localUniqueId: string | undefined;
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
  const unique = op.identifier.startsWith("local://") ? additions.localUniqueId : undefined;
  if (unique === undefined) {
    writer.map(2, op.attributes);
    writer.end(mark);
    return { inputs: [], caps: op.caps };
  }
  const attributes = [...op.attributes, ["local.unique", unique] as const];
  writer.map(
    2,
    attributes.sort(([left], [right]) => compareBytes(left, right)),
  );
  writer.end(mark);
  return { inputs: [], caps: [...op.caps, "source.local.unique"] };
}
