import { escapeMarkup } from "../page/escape-markup.ts";
import { drawGraph } from "./draw/draw-graph.ts";
import { fileStyle } from "./draw/graph-style.ts";
import { drawLegend } from "./draw/legend.ts";
import type { Graph } from "./graph.ts";
import { marksOf, type Timings } from "./timings.ts";

const margin = 24;

/** A graph as an SVG file: drawn by luakit itself, without scripts and fonts of others, for light and dark grounds. */
export function printSvg(graph: Graph, timings?: Timings): string {
  const drawing = drawGraph(graph, { marks: timings && marksOf(timings), path: timings?.critical });
  const legend = drawLegend(graph, Math.max(drawing.width, 320));
  const width = Math.max(drawing.width, legend.width) + 2 * margin;
  const height = drawing.height + legend.height + 3 * margin;
  const left = Math.round((width - drawing.width) / 2);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="dag" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="summary">
<title id="summary">${escapeMarkup(legend.summary)}</title>
<style>
${fileStyle()}</style>
<rect class="ground" width="${width}" height="${height}"/>
<g transform="translate(${left} ${margin})">
${drawing.markup}</g>
<g transform="translate(${margin} ${drawing.height + 2 * margin})">
${legend.markup}</g>
</svg>
`;
}
