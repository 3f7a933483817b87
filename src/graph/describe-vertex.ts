import type { Definition, OpMetadata, Platform } from "../gen/ops.ts";
import { customName } from "../llb/metadata.ts";
import { compareBytes } from "../llb/order.ts";
import { execDetails } from "./exec-details.ts";
import { fileDetails } from "./file-details.ts";
import type { Detail, GraphVertex, ScriptLine, VertexMetadata } from "./graph.ts";
import { redact, redactDetail } from "./redact.ts";
import { vertexName } from "./vertex-name.ts";
import { kindOf, type WireOp } from "./wire-op.ts";

/** What the op itself, its metadata and its place in a script say. */
export function describeVertex(
  wire: WireOp,
  digest: string,
  definition: Definition,
): Omit<GraphVertex, "number" | "inputs"> {
  const metadata = definition.metadata[digest];
  return {
    digest,
    kind: kindOf(wire.op),
    name: redact(metadata?.description[customName] ?? vertexName(wire)),
    platform: wire.op.platform === undefined ? undefined : platformText(wire.op.platform),
    details: detailsOf(wire).map(redactDetail),
    locations: linesOf(definition, digest),
    metadata: metadataOf(metadata),
  };
}

function detailsOf(wire: WireOp): Detail[] {
  const { source, exec, file, build } = wire.op;
  if (source !== undefined) return [{ key: "identifier", value: source.identifier }, ...attributes(source.attrs)];
  if (exec !== undefined) return execDetails(exec, wire);
  if (file !== undefined) return fileDetails(file, wire);
  return build === undefined ? [] : attributes(build.attrs);
}

function attributes(attrs: Readonly<Record<string, string>>): Detail[] {
  const entries = Object.entries(attrs).sort(([left], [right]) => compareBytes(left, right));
  return entries.length === 0 ? [] : [{ key: "attributes", fields: Object.fromEntries(entries) }];
}

function linesOf({ Source }: Definition, digest: string): ScriptLine[] {
  return (Source?.locations[digest]?.locations ?? []).flatMap(({ sourceIndex, ranges }) => {
    const file = Source?.infos[sourceIndex]?.filename;
    const line = ranges[0]?.start?.line;
    return file === undefined || line === undefined ? [] : [{ file, line }];
  });
}

function platformText({ OS, Architecture, Variant }: Platform): string {
  return [OS, Architecture, Variant].filter((part) => part !== "").join("/");
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
