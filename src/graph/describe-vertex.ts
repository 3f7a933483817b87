import type { Platform } from "../gen/ops.ts";
import { compareBytes } from "../llb/order.ts";
import { execDetails } from "./exec-details.ts";
import { fileDetails } from "./file-details.ts";
import type { Detail, GraphVertex } from "./graph.ts";
import type { SourceOp } from "./graph-source.ts";
import { redact, redactDetail } from "./redact.ts";
import { vertexName } from "./vertex-name.ts";
import { kindOf, type WireOp } from "./wire-op.ts";

/** What the op itself, its metadata and its place in a script say. */
export function describeVertex(
  wire: WireOp,
  { digest, remarks: { name, locations, metadata } }: SourceOp,
): Omit<GraphVertex, "number" | "inputs"> {
  return {
    digest,
    kind: kindOf(wire.op),
    name: redact(name ?? vertexName(wire)),
    platform: wire.op.platform === undefined ? undefined : platformText(wire.op.platform),
    details: detailsOf(wire).map(redactDetail),
    locations,
    metadata,
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

function platformText({ OS, Architecture, Variant }: Platform): string {
  return [OS, Architecture, Variant].filter((part) => part !== "").join("/");
}
