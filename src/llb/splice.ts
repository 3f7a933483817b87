import type { Writer } from "../wire/writer.ts";
import type { DefinitionInput } from "./definition.ts";
import type { Digest } from "./digest.ts";
import type { FrontendGraph, FrontendGraphInput, FrontendGraphOp } from "./frontend-graph.ts";
import type { Location } from "./location.ts";
import { type Metadata, mergeMetadata } from "./metadata.ts";
import { addOp, mergeOp, type OpList, placeOf } from "./op-list.ts";
import type { Vertex } from "./vertex.ts";

/**
 * Puts the ops of a frontend's graph among those of a Definition, byte for byte, and tells what stands for the
 * frontend's vertex. What the vertex says of caching and grouping counts for all of them.
 */
export function spliceGraph(
  graph: FrontendGraph,
  vertex: Vertex,
  list: OpList,
  everywhere: Metadata | undefined,
): DefinitionInput {
  const find = ({ digest, index }: FrontendGraphInput): DefinitionInput => {
    const op = list.byDigest.get(digest);
    if (op === undefined) throw new Error(`op ${digest} stands before its input`);
    return { op, index };
  };
  for (const op of graph.ops) {
    const { digest, bytes, caps } = op;
    const inputs = op.inputs.map(find);
    const metadata = mergeMetadata(everywhere, metadataOf(op, graph.result.digest, vertex));
    const locations = locationsOf(op, vertex).flatMap((location) => placeOf(location, list));
    const known = list.byDigest.get(digest);
    if (known === undefined) {
      const end = writeOp(list.writer, bytes);
      addOp(list, { digest, start: end - bytes.length, end, vertex, inputs, metadata, caps, locations });
    } else {
      mergeOp(list, known, metadata, caps, locations);
    }
  }
  return find(graph.result);
}

/** Gives the end of the op's bytes. */
function writeOp(writer: Writer, bytes: Uint8Array): number {
  const mark = writer.begin(1);
  writer.raw(bytes);
  writer.end(mark);
  return writer.length;
}

// A name and a description are said of the vertex's result alone.
function metadataOf(op: FrontendGraphOp, result: Digest, { metadata }: Vertex): Metadata | undefined {
  if (metadata === undefined || op.isOurs) return op.metadata;
  return mergeMetadata(op.digest === result ? metadata : { ...metadata, description: undefined }, op.metadata);
}

// The frontend's line first: that is where to look when a step fails; then the script's line that asked for it.
function locationsOf({ locations, isOurs }: FrontendGraphOp, { location: caller }: Vertex): readonly Location[] {
  if (isOurs || caller === undefined) return locations;
  const [last] = locations.slice(-1);
  return last === undefined ? [caller] : [...locations.slice(0, -1), { ...last, caller }];
}
