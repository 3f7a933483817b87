import { drawGraph, type Mark } from "../graph/draw/draw-graph.ts";
import { formatDuration } from "../graph/format-duration.ts";
import type { Graph, GraphInput, GraphVertex, VertexKind } from "../graph/graph.ts";
import type { ReportData, ReportVertex } from "./report-data.ts";
import { type DrawnInput, mostImportant, nearestInputs } from "./thin-graph.ts";

/** SVG of the graph; the vertex at a place has `data-n="PLACE+1"`. */
export interface ReportGraph {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
  /** How many vertices are drawn, and how many there are. */
  readonly drawn: number;
  readonly all: number;
}

/** More take longer to draw than anybody waits at the end of a build, and nobody can read them. */
const mostDrawn = 250;

/** Draws what was built, with the times that it took; undefined when there is nothing to draw. */
export function drawReportGraph(data: ReportData): ReportGraph | undefined {
  const graph = graphOf(data);
  if (graph.vertices.length === 0) return undefined;
  const critical = new Set(data.criticalPath);
  const longest = data.vertices.reduce((time, vertex) => Math.max(time, vertex.time), 1);
  const marks = new Map(
    graph.vertices.flatMap(({ number }) => {
      const vertex = data.vertices[number - 1];
      const mark = vertex && markOf(vertex, longest, critical.has(number - 1));
      return mark === undefined ? [] : [[number, mark] as const];
    }),
  );
  const drawing = drawGraph(graph, { marks, tips: "name" });
  return { ...drawing, drawn: graph.vertices.length, all: partsOf(data.vertices).length };
}

/** The vertices that use others or are used, inputs first; of too many those that took longest. */
export function graphOf({ vertices, results, criticalPath }: ReportData): Graph {
  const parts = new Set(partsOf(vertices));
  const order = inputsFirst(vertices).filter((place) => parts.has(place));
  const wanted = [...results.map(({ vertex }) => vertex), ...criticalPath].filter((place) => parts.has(place));
  const kept = order.length <= mostDrawn ? parts : mostImportant(vertices, wanted, mostDrawn);
  const inputs = nearestInputs(vertices, order, kept);
  const drawn = order.filter((place) => kept.has(place));
  return {
    vertices: drawn.flatMap((place) =>
      vertices[place] === undefined ? [] : [vertexOf(vertices[place], place, inputs.get(place) ?? [])],
    ),
    results: results
      .filter(({ vertex }) => kept.has(vertex))
      .map(({ name, vertex }) => ({ name, inputs: [inputOf({ place: vertex, by: 0, indirect: false }, [])] })),
  };
}

/** Places of the vertices that are part of a graph, and not work around it. */
function partsOf(vertices: readonly ReportVertex[]): readonly number[] {
  const used = new Set(vertices.flatMap(({ inputs }) => inputs));
  return vertices.flatMap(({ inputs, kind }, place) => {
    return inputs.length > 0 || used.has(place) || kind !== undefined ? [place] : [];
  });
}

function vertexOf(vertex: ReportVertex, place: number, inputs: readonly DrawnInput[]): GraphVertex {
  const [made] = vertex.excerpts ?? [];
  return {
    number: place + 1,
    digest: vertex.digest,
    kind: vertex.kind ?? guessKind(vertex),
    name: vertex.name,
    platform: vertex.platform,
    details: [],
    inputs: inputs.map((input) => inputOf(input, vertex.roles?.[input.by] ?? [])),
    locations: made === undefined ? [] : [{ file: made.file, line: made.line }],
    metadata: { description: new Map(), ignoreCache: false, caps: [] },
  };
}

function inputOf({ place, indirect }: DrawnInput, roles: readonly string[]): GraphInput {
  return { number: place + 1, output: 0, roles, indirect };
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
  return state === "waiting"
    ? undefined
    : { text: formatDuration(time).replaceAll(" ", ""), share: time / longest, critical };
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
