import { drawGraph, type Mark } from "../graph/draw/draw-graph.ts";
import { formatDuration } from "../graph/format-duration.ts";
import type { Graph, GraphInput, GraphVertex, VertexKind } from "../graph/graph.ts";
import type { ReportData, ReportVertex } from "./report-data.ts";

/** SVG of the graph; the vertex at a place has `data-n="PLACE+1"`. */
export interface ReportGraph {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

/** Drawing more than these takes longer than anybody waits at the end of a build, and shows nothing. */
const most = 3000;

/** Draws what was built, with the times that it took; undefined when there is nothing to draw, or too much. */
export function drawReportGraph(data: ReportData): ReportGraph | undefined {
  const graph = graphOf(data);
  if (graph.vertices.length === 0 || graph.vertices.length > most) return undefined;
  const critical = new Set(data.criticalPath);
  const longest = data.vertices.reduce((time, vertex) => Math.max(time, vertex.time), 1);
  const marks = new Map(
    graph.vertices.flatMap(({ number }) => {
      const vertex = data.vertices[number - 1];
      const mark = vertex && markOf(vertex, longest, critical.has(number - 1));
      return mark === undefined ? [] : [[number, mark] as const];
    }),
  );
  return drawGraph(graph, { marks, tips: "name" });
}

/** The vertices that use others or are used, inputs first. */
export function graphOf({ vertices, results }: ReportData): Graph {
  const used = new Set(vertices.flatMap(({ inputs }) => inputs));
  const before = new Set<number>();
  const drawn = inputsFirst(vertices).flatMap((place) => {
    const vertex = vertices[place];
    if (vertex === undefined) return [];
    const isPart = vertex.inputs.length > 0 || used.has(place) || vertex.kind !== undefined;
    const made = isPart ? [vertexOf(vertex, place, before)] : [];
    before.add(place);
    return made;
  });
  return {
    vertices: drawn,
    results: results.map(({ name, vertex }) => ({ name, inputs: [inputOf(vertex, [])] })),
  };
}

function vertexOf(vertex: ReportVertex, place: number, before: ReadonlySet<number>): GraphVertex {
  const [made] = vertex.excerpts ?? [];
  return {
    number: place + 1,
    digest: vertex.digest,
    kind: vertex.kind ?? guessKind(vertex),
    name: vertex.name,
    platform: vertex.platform,
    details: [],
    inputs: vertex.inputs.flatMap((input, at) => (before.has(input) ? [inputOf(input, vertex.roles?.[at] ?? [])] : [])),
    locations: made === undefined ? [] : [{ file: made.file, line: made.line }],
    metadata: { description: new Map(), ignoreCache: false, caps: [] },
  };
}

function inputOf(place: number, roles: readonly string[]): GraphInput {
  return { number: place + 1, output: 0, roles, indirect: false };
}

/** What other frontends build is known by its names only. */
function guessKind({ name, inputs }: ReportVertex): VertexKind {
  if (inputs.length === 0) return "Source";
  if (/(^|\] )(merge|MERGE) \(/.test(name)) return "Merge";
  return /\] (COPY|ADD|WORKDIR)\b/.test(name) ? "File" : "Exec";
}

function markOf({ state, time }: ReportVertex, longest: number, critical: boolean): Mark | undefined {
  if (state === "failed") return { text: "failed", tone: "bad", critical };
  if (state === "cached") return { text: "cached", tone: "good" };
  if (state === "canceled") return { text: "stopped", tone: "bad" };
  return state === "waiting" ? undefined : { text: formatDuration(time), share: time / longest, critical };
}

/** Places in an order in which inputs come before their users; what a broken trace has in circles is in any order. */
function inputsFirst(vertices: readonly ReportVertex[]): readonly number[] {
  const order = new Set<number>();
  const seen = new Set<number>();
  for (const root of vertices.keys()) {
    const path = [{ place: root, next: 0 }];
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      seen.add(frame.place);
      const input = vertices[frame.place]?.inputs[frame.next++];
      if (input !== undefined && !seen.has(input)) path.push({ place: input, next: 0 });
      if (input !== undefined) continue;
      order.add(frame.place);
      path.pop();
    }
  }
  return [...order];
}
