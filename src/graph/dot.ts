import { escapeControls } from "./escape.ts";
import type { Graph, GraphInput, GraphResult, GraphVertex, VertexKind } from "./graph.ts";
import { titleText, vertexLines } from "./vertex-lines.ts";

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

// Too long for a picture, or told by the name and the edges; `--format text` has them.
const hidden: ReadonlySet<string> = new Set(["env", "action"]);
const longestName = 100;
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
    ...graph.results.flatMap(resultTexts),
    "}",
    "",
  ].join("\n");
}

function nodeText(vertex: GraphVertex): string {
  const { number, kind, digest } = vertex;
  let label = `${escapeLabel(`#${number} ${cut(titleText(vertex), longestName)}`)}\\l`;
  for (const { label: what, text } of vertexLines(vertex, hidden)) {
    label += `${escapeLabel(cut(`${what} ${text}`, longestLine))}\\l`;
  }
  return `  v${number} [${looks[kind]}, label="${label}", tooltip=${quote(digest)}];`;
}

function resultTexts({ name, inputs }: GraphResult, at: number): string[] {
  const label = `result${name === undefined ? "" : ` ${name}`}${inputs.length === 0 ? ": scratch" : ""}`;
  const node = `  result${at} [shape=plaintext, style="", label=${quote(label)}];`;
  return [node, ...inputs.map((input) => edgeText(input, `result${at}`))];
}

function edgeText({ number, output, outputPath, roles, indirect }: GraphInput, to: string): string {
  const part = outputPath ?? (output === 0 ? "" : `output ${output}`);
  const label = [part, roles.join(" and ")].filter((text) => text !== "").join(" as ");
  const attributes = label === "" ? [] : [`label=${quote(label)}`];
  if (indirect) attributes.push("style=dashed");
  return `  v${number} -> ${to}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`;
}

function quote(text: string): string {
  return `"${escapeLabel(text)}"`;
}

/** Most lines are. */
const plain = /^[ !#-%'-[\]-~]*$/;

// Inside quotes a backslash starts an escape, and `&name;` is a character of HTML.
function escapeLabel(text: string): string {
  if (plain.test(text)) return text;
  return escapeControls(text)
    .replace(/[\\"]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;");
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
