import { escapeJsonControls } from "./escape.ts";
import type { Detail, Graph, GraphInput, GraphVertex, VertexMetadata } from "./graph.ts";

/** Goes up when a reader of the present form would be misled; new members alone do not change it. */
const schemaVersion = 1;

/** The graph for programs, as docs/dag.md describes it. Members that say nothing are absent. */
export function printJson(graph: Graph): string {
  const document = {
    version: schemaVersion,
    vertices: graph.vertices.map(vertexJson),
    edges: graph.vertices.flatMap(({ number, inputs }) => inputs.map((input) => edgeJson(input, number))),
    results: graph.results.map(({ name, inputs }) => ({
      name,
      inputs: inputs.map(({ number, output, outputPath, indirect }) => ({
        from: number,
        output,
        output_path: outputPath,
        indirect: indirect || undefined,
      })),
    })),
  };
  return `${escapeJsonControls(JSON.stringify(document, undefined, 2))}\n`;
}

function vertexJson({ number, digest, kind, name, platform, locations, details, metadata }: GraphVertex) {
  return {
    id: number,
    digest,
    kind,
    name,
    platform,
    locations,
    details: Object.fromEntries(details.map((detail) => [detail.key, detailJson(detail)])),
    metadata: metadataJson(metadata),
  };
}

function detailJson(detail: Detail) {
  if ("values" in detail) return detail.values;
  if ("entries" in detail) return detail.entries;
  return "fields" in detail ? detail.fields : detail.value;
}

function metadataJson({ description, progressGroup, ignoreCache, exportCache, caps }: VertexMetadata) {
  return {
    description: description.size === 0 ? undefined : Object.fromEntries(description),
    progress_group: progressGroup,
    ignore_cache: ignoreCache || undefined,
    export_cache: exportCache,
    caps,
  };
}

function edgeJson({ number, output, outputPath, roles, indirect }: GraphInput, to: number) {
  return { from: number, to, output, output_path: outputPath, roles, indirect: indirect || undefined };
}
