import { escapeControls, quoteWord } from "./escape.ts";
import type { Detail, Fields, GraphInput, GraphVertex, ScriptLine } from "./graph.ts";
import { outputLabel } from "./wire-op.ts";

/** One line about a vertex, safe for a terminal. */
export interface VertexLine {
  readonly label: string;
  readonly text: string;
}

// What lists are called when each entry has a line of its own.
const singular: ReadonlyMap<string, string> = new Map([
  ["secrets_env", "secret"],
  ["mounts", "mount"],
  ["actions", "action"],
  ["hosts", "host"],
  ["ulimits", "ulimit"],
  ["devices", "device"],
  ["attributes", "attribute"],
]);

/** Fields that are clear without their name. */
const bare = new Set(["type", "action", "path", "source", "dest", "name", "host"]);

const nothing: ReadonlySet<string> = new Set();

/**
 * What a vertex says beside its kind and name: place, platform, details, metadata. The inputs are not among it, and no
 * details that `hidden` labels.
 */
export function vertexLines(vertex: GraphVertex, hidden: ReadonlySet<string> = nothing): VertexLine[] {
  const { platform, locations, metadata } = vertex;
  const lines: VertexLine[] = [];
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined) lines.push({ label, text: escapeControls(text) });
  };
  if (locations.length > 0) add("script", locations.map(lineText).join(", "));
  add("platform", platform);
  for (const detail of vertex.details) {
    const label = singular.get(detail.key) ?? detail.key;
    if (!hidden.has(label) && !isInName(detail, vertex)) addDetail(lines, label, detail);
  }
  for (const [key, value] of metadata.description) add("description", fieldText([key, value]));
  add("group", metadata.progressGroup);
  add("cache", metadata.ignoreCache ? "ignored" : undefined);
  add("export", metadata.exportCache === undefined ? undefined : `cache=${metadata.exportCache}`);
  return lines;
}

/** How an input is shown: `#3:/out mount /src`. */
export function inputText(input: GraphInput): string {
  const parts = [outputLabel(input), input.roles.join(" and "), input.indirect ? "(indirect)" : ""];
  return escapeControls(parts.filter((part) => part !== "").join(" "));
}

/** The kind and the name, without saying `Merge merge`. */
export function titleText({ kind, name }: GraphVertex): string {
  const repeated = name.startsWith(`${kind.toLowerCase()} `) && kind !== "Exec";
  return `${kind} ${escapeControls(repeated ? name.slice(kind.length + 1) : name)}`;
}

function lineText({ file, line }: ScriptLine): string {
  return `${file}:${line}`;
}

function addDetail(lines: VertexLine[], label: string, detail: Detail): void {
  if ("value" in detail) lines.push({ label, text: escapeControls(String(detail.value)) });
  else if ("entries" in detail) {
    for (const entry of detail.entries) lines.push({ label, text: fieldsText(entry) });
  } else if ("fields" in detail) {
    for (const [key, value] of Object.entries(detail.fields)) {
      lines.push({ label, text: escapeControls(`${key}=${value}`) });
    }
  } else if (detail.key !== "env") lines.push({ label, text: detail.values.map(quoteWord).join(" ") });
  else for (const value of detail.values) lines.push({ label, text: escapeControls(value) });
}

function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .map((field) => fieldText(field))
    .join(" ");
}

function fieldText([key, value]: readonly [string, Fields[string]]): string {
  if (value === true) return escapeControls(key);
  const text = typeof value === "object" ? `[${value.map(quoteWord).join(", ")}]` : quoteWord(String(value));
  return bare.has(key) ? text : `${escapeControls(key)}=${text}`;
}

// A name as the daemon makes it tells where a source is, and what a command is when no argument has spaces but a
// script for `sh -c`.
function isInName(detail: Detail, { name }: GraphVertex): boolean {
  if (detail.key === "identifier" && "value" in detail) return detail.value === name;
  if (detail.key !== "args" || !("values" in detail)) return false;
  const words = detail.values;
  const script = words.length === 3 && words[1] === "-c" ? 1 : 0;
  const plain = words.slice(0, words.length - script).every((word) => /^[^\s"'\\]+$/.test(word));
  return plain && words.join(" ") === name;
}
