import { escapeMarkup } from "../../page/escape-markup.ts";
import type { Graph, GraphVertex } from "../graph.ts";
import { type Direction, type Layout, layOut, type Size } from "../layout/lay-out.ts";
import { titleText } from "../vertex-lines.ts";
import { boxOf, resultBox, type VertexBox } from "./box.ts";
import { type DrawnEdge, drawEdge, edgesOf } from "./edge.ts";
import { looks } from "./look.ts";
import { tagsOf } from "./tag.ts";
import { tipText } from "./tip.ts";

/** What a build tells of a vertex, at the corner of its box. */
export interface Mark {
  /** A duration, or `cached`. */
  readonly text: string;
  readonly tone?: "good" | "bad" | undefined;
  /** How much of the longest it took, from 0 to 1: a bar. */
  readonly share?: number | undefined;
  /** Its border, and the edges between such vertices, stand out. */
  readonly critical?: boolean | undefined;
}

export interface DrawGraphOptions {
  /** By default the one that suits a screen better. */
  readonly direction?: Direction | undefined;
  /** By number of the vertex. */
  readonly marks?: ReadonlyMap<number, Mark> | undefined;
  /** Numbers of the critical path: its edges stand out; by default all between critical vertices. */
  readonly path?: readonly number[] | undefined;
  /** What shows when the pointer rests on a vertex: by default all that it says, else its name. */
  readonly tips?: "all" | "name" | undefined;
}

/** SVG elements for a `<g class="dag">` or `<svg class="dag">` of that size; graph-style.ts has their CSS. */
export interface Drawing extends Size {
  readonly markup: string;
  readonly direction: Direction;
}

/**
 * Draws a graph from its inputs to its results; the page of `luakit dag` and reports of builds use it. A vertex is
 * `g.vertex#v12` with `data-n="12"`, a result `g.result#r0`, an edge `g.edge` with `data-from` and `data-to` (`12`, `r0`). All
 * have a title, boxes also `data-box` with left, top, width and height. About a second for 2,000 vertices.
 */
export function drawGraph(
  graph: Graph,
  { direction, marks = new Map(), path, tips = "all" }: DrawGraphOptions = {},
): Drawing {
  const tags = tagsOf(graph);
  const vertices = graph.vertices.map((vertex) => boxOf(vertex, tags.get(vertex.number)));
  const boxes = [...vertices, ...graph.results.map(resultBox)];
  const edges = edgesOf(graph);
  const chosen = direction === undefined ? suitable(boxes, edges) : lay(boxes, edges, direction);
  const { layout } = chosen;
  const shown = new Set(graph.vertices.map(({ number }) => number));
  const isCritical = criticalEdges(
    marks,
    path?.filter((number) => shown.has(number)),
  );
  const lines = edges.map((edge, index) =>
    drawEdge(edge, layout.routes[index] ?? [], chosen.direction, isCritical(edge)),
  );
  const groups = boxes.map((box, index) => {
    const place = layout.places[index] ?? { x: 0, y: 0 };
    const corner = `${Math.round(place.x - box.width / 2)} ${Math.round(place.y - box.height / 2)}`;
    const vertex = graph.vertices[index];
    if (vertex === undefined) return drawResult(box, index - graph.vertices.length, corner);
    const tip = tips === "all" ? tipText(vertex) : `#${vertex.number} ${titleText(vertex)}`;
    return drawVertex(vertex, { ...box, title: tip }, corner, marks.get(vertex.number));
  });
  return {
    direction: chosen.direction,
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    markup: `<g class="edges">\n${lines.join("")}</g>\n<g class="vertices">\n${groups.join("")}</g>\n`,
  };
}

function criticalEdges(marks: ReadonlyMap<number, Mark>, path: readonly number[] | undefined) {
  const after = path && new Map(path.map((number, at) => [String(number), String(path[at + 1])]));
  const isMarked = (id: string) => marks.get(Number(id))?.critical === true;
  return ({ fromId, toId }: DrawnEdge): boolean =>
    after === undefined ? isMarked(fromId) && isMarked(toId) : after.get(fromId) === toId;
}

interface Laid {
  readonly layout: Layout;
  readonly direction: Direction;
}

function lay(boxes: readonly Size[], edges: readonly DrawnEdge[], direction: Direction): Laid {
  return { layout: layOut(boxes, edges, direction), direction };
}

/** Down, unless that is far from a screen's form and right is nearer to it. */
function suitable(boxes: readonly Size[], edges: readonly DrawnEdge[]): Laid {
  const down = lay(boxes, edges, "down");
  if (misfit(down) < Math.log(2.5)) return down;
  const right = lay(boxes, edges, "right");
  return misfit(right) < misfit(down) ? right : down;
}

function misfit({ layout }: Laid): number {
  return Math.abs(Math.log(Math.max(layout.width, 1) / Math.max(layout.height, 1) / 1.4));
}

function drawVertex(vertex: GraphVertex, box: VertexBox, corner: string, mark: Mark | undefined): string {
  const classes = ["vertex", looks[vertex.kind].name, ...(mark?.critical === true ? ["critical"] : [])];
  return `<g class="${classes.join(" ")}" id="v${vertex.number}" data-n="${vertex.number}" data-box="${corner} ${box.width} ${box.height}" transform="translate(${corner})"><title>${escapeMarkup(box.title)}</title>${box.markup}${mark === undefined ? "" : drawMark(mark, box)}</g>\n`;
}

function drawResult(box: VertexBox, at: number, corner: string): string {
  return `<g class="result" id="r${at}" data-box="${corner} ${box.width} ${box.height}" transform="translate(${corner})"><title>${escapeMarkup(box.title)}</title>${box.markup}</g>\n`;
}

function drawMark({ text, tone, share }: Mark, { width, height }: Size): string {
  const room = Math.round(text.length * 5.8 + 10);
  const bar = Math.round((width - 44) * Math.min(1, share ?? 0));
  const label = `<g class="mark${tone === undefined ? "" : ` ${tone}`}"><rect x="${width - room - 6}" y="-8" width="${room}" height="15" rx="7.5"/><text x="${width - room / 2 - 6}" y="3" text-anchor="middle">${escapeMarkup(text)}</text></g>`;
  return `${label}${bar < 1 ? "" : `<rect class="share" x="22" y="${height - 3}" width="${bar}" height="3" rx="1.5"/>`}`;
}
