import { labelOf } from "../draw/label.ts";
import { looks } from "../draw/look.ts";
import { formatDuration } from "../format-duration.ts";
import type { Graph, GraphInput, GraphVertex } from "../graph.ts";
import type { TracedRun } from "../match-runs.ts";
import type { Timings } from "../timings.ts";
import { vertexLines } from "../vertex-lines.ts";
import { outputLabel } from "../wire-op.ts";

/** What the script of the page reads. Times are milliseconds since the build's first vertex started. */
export function pageData(graph: Graph, timings: Timings | undefined): object {
  const origin = timings?.start ?? 0;
  return {
    vertices: graph.vertices.map((vertex) => vertexData(vertex, timings?.matched.runs.get(vertex.number), origin)),
    results: graph.results.map(({ name, inputs }) => ({ name, inputs: inputs.map(({ number }) => number) })),
    sources: Object.fromEntries(graph.sources ?? []),
    trace: timings === undefined ? undefined : traceData(timings),
  };
}

function vertexData(vertex: GraphVertex, run: TracedRun | undefined, origin: number): object {
  const { number, digest, kind, name, platform, inputs, locations, metadata } = vertex;
  return {
    n: number,
    digest,
    kind,
    look: looks[kind].name,
    name,
    label: labelOf(vertex).name,
    platform,
    inputs: inputs.map(inputData),
    locations: locations.map(({ file, line }) => [file, line]),
    lines: vertexLines(vertex)
      .filter(({ label }) => label !== "script" && label !== "platform")
      .map(({ label, text }) => [label, text]),
    caps: metadata.caps,
    run: run === undefined ? undefined : runData(run, origin),
  };
}

function inputData(input: GraphInput): object {
  const output = outputLabel(input).replace(/^#\d+:?/, "");
  const roles = input.roles.join(" and ");
  return { n: input.number, as: [output, roles, input.indirect ? "(indirect)" : ""].filter(Boolean).join(" ") };
}

function runData({ cached, error, started, completed, duration }: TracedRun, origin: number): object {
  const state = error !== "" ? "failed" : cached ? "cached" : completed === undefined ? "unfinished" : "ran";
  return {
    state,
    start: started - origin,
    duration,
    startText: formatDuration(started - origin),
    text: formatDuration(duration),
    error: error === "" ? undefined : error,
  };
}

function traceData({ matched, start, end, critical, criticalDuration }: Timings): object {
  return {
    total: formatDuration(end - start),
    byDigest: matched.byDigest,
    byName: matched.byName,
    missing: matched.missing,
    critical,
    criticalDuration: formatDuration(criticalDuration),
  };
}
