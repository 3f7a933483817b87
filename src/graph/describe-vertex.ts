import type { Definition, Op, OpMetadata, Platform } from "../gen/pb/ops_pb.ts";
import { customName } from "../llb/metadata.ts";
import { compareBytes } from "../llb/order.ts";
import { execDetails } from "./exec-details.ts";
import { fileDetails } from "./file-details.ts";
import type { Detail, GraphVertex, ScriptLine, VertexKind, VertexMetadata } from "./graph.ts";
import { redact, redactDetail } from "./redact.ts";
import { vertexName } from "./vertex-name.ts";
import type { WireOp } from "./wire-op.ts";

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

function kindOf({ op }: Op): VertexKind {
  switch (op.case) {
    case "source":
      return "Source";
    case "exec":
      return "Exec";
    case "file":
      return "File";
    case "merge":
      return "Merge";
    case "diff":
      return "Diff";
    case "build":
      return "Build";
    case "passthrough":
      return "Passthrough";
    default:
      return "Unknown";
  }
}

function detailsOf(wire: WireOp): Detail[] {
  const { op } = wire.op;
  switch (op.case) {
    case "source":
      return [{ key: "identifier", value: op.value.identifier }, ...attributes(op.value.attrs)];
    case "exec":
      return execDetails(op.value, wire);
    case "file":
      return fileDetails(op.value, wire);
    case "build":
      return attributes(op.value.attrs);
    default:
      return [];
  }
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
    progressGroup: metadata?.progressGroup?.name || metadata?.progressGroup?.id || undefined,
    ignoreCache: metadata?.ignoreCache ?? false,
    exportCache: metadata?.exportCache?.Value,
    caps: Object.keys(metadata?.caps ?? {}).sort(compareBytes),
  };
}
