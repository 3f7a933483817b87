import { escapeControls } from "./escape.ts";
import type { Graph, GraphInput, GraphVertex, VertexKind } from "./graph.ts";
import { vertexLines } from "./vertex-lines.ts";

const looks: Readonly<Record<VertexKind, string>> = {
  Source: 'shape=cylinder, fillcolor="#dbeafe"',
  Exec: 'shape=box, fillcolor="#fef3c7"',
  File: 'shape=note, fillcolor="#dcfce7"',
  Merge: 'shape=invtrapezium, fillcolor="#ede9fe"',
  Diff: 'shape=trapezium, fillcolor="#fce7f3"',
  Build: 'shape=component, fillcolor="#e0f2fe"',
  Passthrough: 'shape=ellipse, fillcolor="#f3f4f6"',
  Unknown: 'shape=octagon, fillcolor="#f3f4f6"',
};

// Too long for a picture, or in the name already; `--format text` has them.
const hidden = new Set(["args", "env", "action", "identifier"]);
const longestName = 80;
const longestLine = 160;

/** A graph for Graphviz, drawn from inputs to users. Labels have mounts and settings; dashed is what a filter joined. */
export function printDot(graph: Graph): string {
  return [
    "digraph dag {",
    "  rankdir=TB;",
    '  node [style=filled, fontname="sans-serif", fontsize=10];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...graph.vertices.map(nodeText),
    ...graph.vertices.flatMap(({ number, inputs }) => inputs.map((input) => edgeText(input, `v${number}`))),
    ...graph.results.flatMap(({ name, inputs }, at) => [
      `  result${at} [shape=plaintext, style="", label=${quote(`result${name === undefined ? "" : ` ${name}`}${inputs.length === 0 ? ": scratch" : ""}`)}];`,
      ...inputs.map((input) => edgeText(input, `result${at}`)),
    ]),
    "}",
    "",
  ].join("\n");
}

function nodeText(vertex: GraphVertex): string {
  const { number, kind, name, digest } = vertex;
  const lines = vertexLines(vertex)
    .filter(({ label }) => !hidden.has(label))
    .map(({ label, text }) => cut(`${label} ${text}`, longestLine));
  const label = [`#${number} ${kind}`, cut(name, longestName), ...lines]
    .map((line) => `${escapeLabel(line)}\\l`)
    .join("");
  return `  v${number} [${looks[kind]}, label="${label}", tooltip=${quote(digest)}];`;
}

function edgeText({ number, output, outputPath, roles, indirect }: GraphInput, to: string): string {
  const part = outputPath ?? (output === 0 ? undefined : `output ${output}`);
  const label = [part === undefined ? "" : `${part} as`, roles.join(" and ")].filter(Boolean).join(" ");
  const attributes = [
    ...(label === "" ? [] : [`label=${quote(roles.length === 0 ? (part ?? "") : label)}`]),
    ...(indirect ? ["style=dashed"] : []),
  ];
  return `  v${number} -> ${to}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`;
}

function quote(text: string): string {
  return `"${escapeLabel(text)}"`;
}

// Inside quotes a backslash starts an escape, and `&name;` is a character of HTML.
function escapeLabel(text: string): string {
  return escapeControls(text)
    .replace(/[\\"]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;");
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
