import type { GraphVertex } from "../graph.ts";
import { titleText, vertexLines } from "../vertex-lines.ts";
import { cutText } from "./label.ts";

const mostLines = 16;
const longestLine = 120;

/** What is shown when the pointer rests on a vertex. */
export function tipText(vertex: GraphVertex): string {
  const lines = [
    `#${vertex.number} ${titleText(vertex)}`,
    ...vertexLines(vertex).map(({ label, text }) => `${label}: ${text}`),
    vertex.digest,
  ].map((line) => cutText(line, longestLine));
  if (lines.length <= mostLines) return lines.join("\n");
  return [...lines.slice(0, mostLines - 2), `… ${lines.length - mostLines + 1} more`, lines.at(-1)].join("\n");
}
