import { escapeControls } from "./escape.ts";
import type { Graph, GraphVertex } from "./graph.ts";
import { inputText, titleText, type VertexLine, vertexLines } from "./vertex-lines.ts";

const indent = "   ";

/** Every vertex once, inputs before users, each with what it says; then what is built. */
export function printText(graph: Graph): string {
  const blocks = graph.vertices.map(vertexText);
  const results = graph.results.map(({ name, inputs }) => {
    const built = inputs.length === 0 ? "scratch" : inputs.map(inputText).join(", ");
    return `result${name === undefined ? "" : ` ${escapeControls(name)}`} ${built}\n`;
  });
  return [...blocks, results.join("")].join("\n");
}

function vertexText(vertex: GraphVertex): string {
  const { number, inputs } = vertex;
  const lines = vertexLines(vertex);
  if (inputs.length > 0) lines.unshift({ label: "inputs", text: inputs.map(inputText).join(", ") });
  const width = lines.reduce((most, { label }) => Math.max(most, label.length), 0);
  return `#${number} ${titleText(vertex)}\n${lines.map((line) => lineText(line, width)).join("")}`;
}

function lineText({ label, text }: VertexLine, width: number): string {
  return `${indent}${label.padEnd(width)}  ${text}`.trimEnd().concat("\n");
}
