import { cutText } from "./draw/label.ts";
import { looks } from "./draw/look.ts";
import { escapeControls } from "./escape.ts";
import type { Graph, GraphInput, GraphResult, GraphVertex, VertexKind } from "./graph.ts";
import { titleText } from "./vertex-lines.ts";
import { outputLabel } from "./wire-op.ts";

/** The brackets that give a vertex its shape. */
const shapes: Readonly<Record<VertexKind, readonly [string, string]>> = {
  Source: ["[(", ")]"],
  Exec: ["[", "]"],
  File: ["[/", "/]"],
  Merge: ["{{", "}}"],
  Diff: ["[/", "\\]"],
  Build: ["[[", "]]"],
  Passthrough: ["(", ")"],
  Unknown: ["(", ")"],
};

const longestName = 80;

/** A graph as a flowchart for Mermaid, which wikis and code hosts draw from a block of text. */
export function printMermaid(graph: Graph): string {
  const kinds = new Set(graph.vertices.map(({ kind }) => kind));
  return [
    "flowchart TB",
    ...graph.vertices.map(vertexText),
    ...graph.results.map(resultText),
    ...graph.vertices.flatMap(({ number, inputs }) => inputs.map((input) => edgeText(input, `v${number}`))),
    ...graph.results.flatMap(({ inputs }, at) => inputs.map((input) => edgeText(input, `result${at}`))),
    ...[...kinds].map(classText),
    "",
  ].join("\n");
}

function vertexText(vertex: GraphVertex): string {
  const { number, kind, platform, locations } = vertex;
  const [open, close] = shapes[kind];
  const [made] = locations;
  const note = [made === undefined ? undefined : `${made.file}:${made.line}`, platform].filter(
    (part) => part !== undefined,
  );
  const lines = [`#${number} ${cutText(titleText(vertex), longestName)}`];
  if (note.length > 0) lines.push(escapeControls(note.join(" ")));
  return `  v${number}${open}"${lines.map(escapeLabel).join("<br/>")}"${close}:::${looks[kind].name}`;
}

function resultText({ name, inputs }: GraphResult, at: number): string {
  const label = `result${name === undefined ? "" : ` ${name}`}${inputs.length === 0 ? ": scratch" : ""}`;
  return `  result${at}(["${escapeLabel(escapeControls(label))}"])`;
}

/** Dotted for what is mounted or copied from, and for what a filter joined. */
function edgeText(input: GraphInput, to: string): string {
  const { number, output, outputPath, roles, indirect } = input;
  const part = outputPath === undefined && output === 0 ? "" : outputLabel(input).replace(/^#\d+:/, "");
  const label = [part, roles.join(" and ")].filter((text) => text !== "").join(" as ");
  const isSolid = !indirect && !roles.some((role) => /^(?:mount|copy|owner)/.test(role));
  const arrow = isSolid ? "-->" : "-.->";
  return `  v${number} ${arrow}${label === "" ? "" : `|"${escapeLabel(escapeControls(label))}"|`} ${to}`;
}

/** Both grounds: a box has its own ground and ink. */
function classText(kind: VertexKind): string {
  const { name, fill, line } = looks[kind];
  return `  classDef ${name} fill:${fill[0]},stroke:${line[0]},color:#1b2027`;
}

/**
 * Everything but letters, digits and signs between them becomes an entity of Mermaid's, the number of the character. What
 * it would still read as a formula (`$$`) or as a new line (`\n`) is parted by a space without width.
 */
function escapeLabel(text: string): string {
  return text
    .replace(/\$(?=\$)|\\(?=n)/g, "$&\u200b")
    .replace(/[^\p{L}\p{M}\p{N} ,/._-]|(?<![\p{L}\p{N}])[._-]/gu, (character) => `#${character.codePointAt(0)};`);
}
