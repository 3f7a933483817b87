import type { Definition, OpMetadata } from "../gen/ops.ts";
import { customName } from "../llb/metadata.ts";
import { compareBytes } from "../llb/order.ts";
import { decodeDefinition } from "./decode-definition.ts";
import type { ScriptLine, VertexMetadata } from "./graph.ts";
import type { GraphSource } from "./graph-source.ts";
import { redact } from "./redact.ts";

/** A serialized pb.Definition, whoever wrote it; bytes that are none are a LuakitError. */
export function readBytes(bytes: Uint8Array): GraphSource {
  const { definition, ops, result } = decodeDefinition(bytes);
  return {
    ops: ops.map(({ op, digest }) => ({
      op,
      digest,
      remarks: {
        name: definition.metadata[digest]?.description[customName],
        locations: linesOf(definition, digest),
        metadata: metadataOf(definition.metadata[digest]),
      },
    })),
    result,
    files: (definition.Source?.infos ?? []).map(({ filename, data }) => [filename, new TextDecoder().decode(data)]),
  };
}

function linesOf({ Source }: Definition, digest: string): ScriptLine[] {
  return (Source?.locations[digest]?.locations ?? []).flatMap(({ sourceIndex, ranges }) => {
    const file = Source?.infos[sourceIndex]?.filename;
    const line = ranges[0]?.start?.line;
    return file === undefined || line === undefined ? [] : [{ file, line }];
  });
}

function metadataOf(metadata: OpMetadata | undefined): VertexMetadata {
  const described = Object.entries(metadata?.description ?? {}).filter(([key]) => key !== customName);
  return {
    description: new Map(
      described
        .sort(([left], [right]) => compareBytes(left, right))
        .map(([key, value]) => [redact(key), redact(value)]),
    ),
    progressGroup: metadata?.progress_group?.name || metadata?.progress_group?.id || undefined,
    ignoreCache: metadata?.ignore_cache ?? false,
    exportCache: metadata?.export_cache?.Value,
    caps: Object.keys(metadata?.caps ?? {}).sort(compareBytes),
  };
}
