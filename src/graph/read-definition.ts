import { Op } from "../gen/ops.ts";
import { bytesOf, type Definition, type DefinitionOp } from "../llb/definition.ts";
import type { Location } from "../llb/location.ts";
import { customName } from "../llb/metadata.ts";
import { sortedEntries } from "../llb/order.ts";
import type { ScriptLine, VertexMetadata } from "./graph.ts";
import type { GraphSource } from "./graph-source.ts";
import { redact } from "./redact.ts";

/** A Definition that was made here: the same as from its bytes, and sooner, because nothing but its ops is decoded. */
export function readDefinition(definition: Definition): GraphSource {
  const { result } = definition;
  return {
    ops: definition.ops.map((op) => ({
      op: Op.decode(bytesOf(definition, op)),
      digest: op.digest,
      remarks: {
        name: op.metadata?.description?.get(customName),
        locations: op.locations.flatMap(linesOf),
        metadata: metadataOf(op),
      },
    })),
    result: result && { digest: result.op.digest, index: result.index },
    files: definition.sources.map(({ name, data }) => [name, data.replace(/^\ufeff/, "")]),
  };
}

function linesOf(innermost: Location): readonly ScriptLine[] {
  const lines: ScriptLine[] = [];
  for (let at: Location | undefined = innermost; at !== undefined; at = at.caller) {
    const line = at.ranges === undefined ? at.line : at.ranges[0]?.start.line;
    if (line !== undefined) lines.push({ file: at.source.name, line });
  }
  return lines;
}

const noDescription: VertexMetadata["description"] = new Map();

function metadataOf({ metadata, caps }: DefinitionOp): VertexMetadata {
  const group = metadata?.progressGroup;
  return {
    description: metadata?.description === undefined ? noDescription : describe(metadata.description),
    progressGroup: group?.name || group?.id || undefined,
    ignoreCache: metadata?.ignoreCache ?? false,
    exportCache: metadata?.exportCache,
    caps,
  };
}

function describe(description: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const entries = sortedEntries(description).filter(([key]) => key !== customName);
  return new Map(entries.map(([key, value]) => [redact(key), redact(value)]));
}
