import { escapeMarkup } from "../../page/escape-markup.ts";
import type { Graph, VertexKind } from "../graph.ts";
import type { Size } from "../layout/lay-out.ts";
import { edgesOf } from "./edge.ts";
import { looks } from "./look.ts";

/** What the signs and lines of a drawing mean; only those that it has. */
export interface Legend extends Size {
  readonly markup: string;
  readonly summary: string;
}

const edgeNames: ReadonlyMap<string, string> = new Map([
  ["base", "base"],
  ["mount", "mount"],
  ["copy", "copied from"],
  ["use", "other input"],
  ["indirect", "through what a filter left out"],
]);

const row = 26;
const letter = 6.1;

/** A legend in rows of at most `widest`. */
export function drawLegend(graph: Graph, widest: number): Legend {
  const counts = countKinds(graph);
  const entries = [...counts].map(([kind, count]) => kindEntry(kind, count));
  const styles = new Set(edgesOf(graph).map(({ style }) => style));
  for (const [style, name] of edgeNames) if (styles.has(style)) entries.push(edgeEntry(style, name));
  let x = 0;
  let y = 0;
  let width = 0;
  const placed = entries.map((entry) => {
    if (x > 0 && x + entry.width > widest) {
      x = 0;
      y += row;
    }
    const markup = `<g transform="translate(${x} ${y})" class="${entry.name}">${entry.markup}</g>\n`;
    x += entry.width;
    width = Math.max(width, x);
    return markup;
  });
  return { width, height: entries.length === 0 ? 0 : y + row, markup: placed.join(""), summary: summaryOf(graph) };
}

/** How many vertices there are of each kind, in the order of the kinds. */
export function countKinds(graph: Graph): ReadonlyMap<VertexKind, number> {
  const counts = new Map<VertexKind, number>();
  for (const { kind } of graph.vertices) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const order = Object.keys(looks);
  return new Map([...counts].sort(([left], [right]) => order.indexOf(left) - order.indexOf(right)));
}

/** `7 vertices (2 Source, 5 Exec), 9 edges, 1 result`. */
export function summaryOf(graph: Graph): string {
  const kinds = [...countKinds(graph)].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const edges = graph.vertices.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const vertices = `${graph.vertices.length} ${graph.vertices.length === 1 ? "vertex" : "vertices"}`;
  return [
    kinds === "" ? vertices : `${vertices} (${kinds})`,
    `${edges} edge${edges === 1 ? "" : "s"}`,
    `${graph.results.length} result${graph.results.length === 1 ? "" : "s"}`,
  ].join(", ");
}

function kindEntry(kind: VertexKind, count: number): { name: string; width: number; markup: string } {
  const { name, outline, sign } = looks[kind];
  const text = `${kind} ${count}`;
  const markup = `<path class="box" d="${outline(30, 20)}"/><path class="sign" transform="translate(${kind === "File" ? 6 : 9} 4) scale(0.75)" d="${sign}"/><text class="role" x="37" y="14">${escapeMarkup(text)}</text>`;
  return { name, width: Math.ceil(37 + text.length * letter + 20), markup };
}

function edgeEntry(style: string, text: string): { name: string; width: number; markup: string } {
  const markup = `<path class="line" d="M0 10H26"/><path class="head" d="M32 10l-8 -4v8z"/><text class="role" x="39" y="14">${escapeMarkup(text)}</text>`;
  return { name: `edge ${style}`, width: Math.ceil(39 + text.length * letter + 20), markup };
}
