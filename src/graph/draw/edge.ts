import { escapeMarkup } from "../../page/escape-markup.ts";
import type { Graph, GraphInput } from "../graph.ts";
import type { Direction, Point } from "../layout/lay-out.ts";
import type { LayoutEdge } from "../layout/layers.ts";
import { inputText } from "../vertex-lines.ts";

/** An edge between boxes, by their index for the layout and by their ids for the drawing. */
export interface DrawnEdge extends LayoutEdge {
  readonly fromId: string;
  readonly toId: string;
  /** `base`, `mount`, `copy`, `indirect` or `use`: a class that tells how it is drawn. */
  readonly style: string;
  readonly title: string;
}

/** All edges of a graph, those of its results last. */
export function edgesOf(graph: Graph): DrawnEdge[] {
  const places = new Map(graph.vertices.map(({ number }, place) => [number, place]));
  const edge = (input: GraphInput, to: number, toId: string, toName: string): DrawnEdge => ({
    from: places.get(input.number) ?? 0,
    to,
    pull: pullOf(input),
    fromId: String(input.number),
    toId,
    style: styleOf(input, toId),
    title: `${inputText(input)} → ${toName}`,
  });
  return [
    ...graph.vertices.flatMap(({ inputs, number }, place) =>
      inputs.map((input) => edge(input, place, String(number), `#${number}`)),
    ),
    ...graph.results.flatMap(({ inputs }, at) =>
      inputs.map((input) => edge(input, graph.vertices.length + at, `r${at}`, "result")),
    ),
  ];
}

/** What is built step by step stands in one line. */
function pullOf({ roles }: GraphInput): number {
  return roles.includes("base") ? 4 : 1;
}

function styleOf({ roles, indirect }: GraphInput, toId: string): string {
  if (indirect) return "indirect";
  if (toId.startsWith("r") || roles.includes("base")) return "base";
  if (roles.some((role) => role.startsWith("mount"))) return "mount";
  return roles.includes("copy from") || roles.includes("owner names") ? "copy" : "use";
}

/** An edge with its arrow; the line ends where the arrow begins. */
export function drawEdge(edge: DrawnEdge, route: readonly Point[], direction: Direction, critical: boolean): string {
  const end = route.at(-1) ?? { x: 0, y: 0 };
  const back = direction === "down" ? { x: end.x, y: end.y - 7 } : { x: end.x - 7, y: end.y };
  const line = pathOf([...route.slice(0, -1), back], direction);
  const head =
    direction === "down" ? `M${near(end.x)} ${near(end.y)}l-4 -8h8z` : `M${near(end.x)} ${near(end.y)}l-8 -4v8z`;
  const classes = `edge ${edge.style}${isLong(route) ? " long" : ""}${critical ? " critical" : ""}`;
  return `<g class="${classes}" data-from="${edge.fromId}" data-to="${edge.toId}"><title>${escapeMarkup(edge.title)}</title><path class="line" d="${line}"/><path class="head" d="${head}"/></g>\n`;
}

/** Thousands of dashes take a browser seconds to draw, and they tell nothing where neither end is in sight. */
function isLong(route: readonly Point[]): boolean {
  const length = route.reduce((sum, { x, y }, index) => {
    const before = route[index - 1];
    return before === undefined ? 0 : sum + Math.abs(x - before.x) + Math.abs(y - before.y);
  }, 0);
  return length > 2500;
}

/** Points come in pairs: a curve from one layer to the next, then straight through it. */
function pathOf(points: readonly Point[], direction: Direction): string {
  const parts: string[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined) parts.push(`M${near(point.x)} ${near(point.y)}`);
    else if (index % 2 === 0) parts.push(direction === "down" ? `V${near(point.y)}` : `H${near(point.x)}`);
    else parts.push(curve(before, point, direction));
  }
  return parts.join("");
}

function curve(from: Point, to: Point, direction: Direction): string {
  if (direction === "down" && near(from.x) === near(to.x)) return `V${near(to.y)}`;
  if (direction === "right" && near(from.y) === near(to.y)) return `H${near(to.x)}`;
  const [first, second] =
    direction === "down"
      ? [
          { x: from.x, y: (from.y + to.y) / 2 },
          { x: to.x, y: (from.y + to.y) / 2 },
        ]
      : [
          { x: (from.x + to.x) / 2, y: from.y },
          { x: (from.x + to.x) / 2, y: to.y },
        ];
  return `C${[first, second, to].map(({ x, y }) => `${near(x)} ${near(y)}`).join(" ")}`;
}

function near(value: number): number {
  return Math.round(value * 10) / 10;
}
