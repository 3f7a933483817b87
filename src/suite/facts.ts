import type { Op } from "../gen/ops.ts";
import type { Detail, Fields, GraphVertex } from "../graph/graph.ts";
import { sourceWords } from "./source-words.ts";
import { isList, isMap, type Value } from "./value.ts";

/** What can be expected of something in a graph, by the names that matchers have. */
export type Facts = ReadonlyMap<string, Value>;

/** Something in a graph: a vertex, or a mount or action of one. */
export interface Found {
  readonly vertex: GraphVertex;
  readonly facts: Facts;
}

/** What a step says. */
export function execFacts(vertex: GraphVertex): Facts {
  const details = detailFacts(vertex);
  const facts = new Map<string, Value>([
    ["network", "sandbox"],
    ["security", "sandbox"],
    ...common(vertex),
    ...details,
  ]);
  facts.set("env", variables(details.get("env")));
  facts.set("hosts", pairs(details.get("hosts"), "host", "ip"));
  facts.set("secrets_env", pairs(details.get("secrets_env"), "name", "id"));
  return facts;
}

export function sourceFacts(vertex: GraphVertex): Facts {
  const details = detailFacts(vertex);
  return new Map([...common(vertex), ...details, ...sourceWords(String(details.get("identifier")))]);
}

/** The mounts of a step. */
export function mountFacts(vertex: GraphVertex): Facts[] {
  return entriesOf(vertex, "mounts");
}

/** The actions of a file op, with the contents that they write. */
export function actionFacts(vertex: GraphVertex, op: Op | undefined): Facts[] {
  return entriesOf(vertex, "actions").map((facts, at) => {
    const data = op?.file?.actions[at]?.mkfile?.data;
    return data === undefined ? facts : new Map([...facts, ["data", new TextDecoder().decode(data)]]);
  });
}

function entriesOf(vertex: GraphVertex, key: string): Facts[] {
  const detail = vertex.details.find((each) => each.key === key);
  return detail !== undefined && "entries" in detail ? detail.entries.map(fieldFacts) : [];
}

function common({ name, platform, metadata }: GraphVertex): [string, Value][] {
  const facts: [string, Value][] = [
    ["name", name],
    ["no_cache", metadata.ignoreCache],
  ];
  if (platform !== undefined) facts.push(["platform", platform]);
  if (metadata.progressGroup !== undefined) facts.push(["group", metadata.progressGroup]);
  return facts;
}

function detailFacts({ details }: GraphVertex): Map<string, Value> {
  return new Map(details.map((detail) => [detail.key, detailValue(detail)]));
}

function detailValue(detail: Detail): Value {
  if ("values" in detail) return detail.values;
  if ("entries" in detail) return detail.entries.map(fieldFacts);
  return "fields" in detail ? fieldFacts(detail.fields) : detail.value;
}

function fieldFacts(fields: Fields): ReadonlyMap<string, Value> {
  return new Map(Object.entries(fields));
}

function variables(value: Value | undefined): Value {
  const entries = value !== undefined && isList(value) ? value : [];
  return new Map(entries.map((entry) => splitAt(String(entry), "=")));
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function pairs(value: Value | undefined, key: string, content: string): Value {
  const entries = value !== undefined && isList(value) ? value.filter(isMap) : [];
  return new Map(entries.map((entry) => [String(entry.get(key)), entry.get(content) ?? null]));
}
