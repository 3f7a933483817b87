import type { Graph, GraphVertex } from "../graph/graph.ts";
import type { State } from "../llb/state.ts";
import { fits, isEqual } from "./compare.ts";
import { actionFacts, execFacts, type Facts, type Found, mountFacts, sourceFacts } from "./facts.ts";
import { type FindPattern, patternOf } from "./pattern.ts";
import { digestOfState, type Subject } from "./subject.ts";
import { isList, isMap, type Value } from "./value.ts";

export type FoundKind = "exec" | "source" | "file" | "copy" | "mount";

/** What something in a graph is to be like. */
export interface Matcher {
  readonly expected: ReadonlyMap<string, Value>;
  /** What it stands on, directly or not. */
  readonly dependsOn?: Dependency | undefined;
  /** The State that a copy or mount takes its files from. */
  readonly from?: State | undefined;
}

/** A State, or something in a graph. */
export type Dependency = { readonly state: State } | { readonly kind: FoundKind; readonly matcher: Matcher };

/** Everything of a kind in a graph. */
export function findAll({ graph, ops }: Subject, kind: FoundKind): readonly Found[] {
  return graph.vertices.flatMap((vertex) => factsOf(vertex, kind, ops).map((facts) => ({ vertex, facts })));
}

function factsOf(vertex: GraphVertex, kind: FoundKind, ops: Subject["ops"]): readonly Facts[] {
  if (vertex.kind === "Exec") {
    if (kind === "exec") return [execFacts(vertex)];
    return kind === "mount" ? mountFacts(vertex) : [];
  }
  if (vertex.kind === "Source") return kind === "source" ? [sourceFacts(vertex)] : [];
  if (vertex.kind !== "File" || (kind !== "file" && kind !== "copy")) return [];
  const actions = actionFacts(vertex, ops.get(vertex.digest));
  return kind === "copy" ? actions.filter((facts) => facts.get("action") === "copy") : actions;
}

/** Whether something is as a matcher says. */
export function matches(found: Found, matcher: Matcher, subject: Subject, find: FindPattern): boolean {
  for (const [key, expected] of matcher.expected) if (!matchesKey(key, expected, found, find)) return false;
  if (matcher.from !== undefined && !isFrom(found, matcher.from, subject.graph)) return false;
  return matcher.dependsOn === undefined || dependsOn(found.vertex, matcher.dependsOn, subject, find);
}

/** How many of the keys of a matcher fit. */
export function closeness(found: Found, { expected }: Matcher, find: FindPattern): number {
  return [...expected].filter(([key, value]) => matchesKey(key, value, found, find)).length;
}

function matchesKey(key: string, expected: Value, { vertex, facts }: Found, find: FindPattern): boolean {
  const actual = facts.get(key);
  if (key === "mount") return toList(expected).every((each) => hasMount(vertex, each, find));
  if (key === "args" && !isList(expected)) return holdsText(commandOf(actual), expected, find);
  if (key === "identifier" && !isList(expected)) return holdsText(String(actual ?? ""), expected, find);
  if (actual === undefined) return expected === false;
  return isMap(expected) ? fits(expected, actual, find) : isEqual(expected, actual, find);
}

function toList(value: Value): readonly Value[] {
  return isList(value) ? value : [value];
}

function hasMount(vertex: GraphVertex, expected: Value, find: FindPattern): boolean {
  return mountFacts(vertex).some((facts) => (isMap(expected) ? fits(expected, facts, find) : false));
}

function holdsText(text: string, expected: Value, find: FindPattern): boolean {
  const pattern = patternOf(expected);
  return pattern === undefined ? typeof expected === "string" && text.includes(expected) : find(text, pattern.text);
}

/** A command as people read it: of `sh -c`, the script. */
export function commandOf(args: Value | undefined): string {
  const words = args !== undefined && isList(args) ? args.map(String) : [];
  return words.length === 3 && words[1] === "-c" ? (words[2] ?? "") : words.join(" ");
}

function isFrom({ facts }: Found, state: State, { vertices }: Graph): boolean {
  const [, number] = /^#(\d+)/.exec(String(facts.get("from") ?? "")) ?? [];
  const digest = digestOfState(state);
  if (number === undefined) return digest === undefined && facts.get("from") === "scratch";
  return vertices.find((vertex) => vertex.number === Number(number))?.digest === digest;
}

/** Whether a vertex stands on something, directly or not. */
export function dependsOn(vertex: GraphVertex, on: Dependency, subject: Subject, find: FindPattern): boolean {
  const below = verticesBelow(vertex, subject.graph);
  return hasDependency(below, on, subject, find);
}

/** Whether something is among vertices. */
export function hasDependency(
  among: ReadonlySet<number>,
  on: Dependency,
  subject: Subject,
  find: FindPattern,
): boolean {
  if ("state" in on) {
    const digest = digestOfState(on.state);
    return subject.graph.vertices.some((vertex) => among.has(vertex.number) && vertex.digest === digest);
  }
  const candidates = findAll(subject, on.kind).filter(({ vertex }) => among.has(vertex.number));
  return candidates.some((found) => matches(found, on.matcher, subject, find));
}

function verticesBelow(vertex: GraphVertex, { vertices }: Graph): ReadonlySet<number> {
  const byNumber = new Map(vertices.map((each) => [each.number, each]));
  const below = new Set<number>();
  const open = [vertex];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { number } of next.inputs) {
      const input = byNumber.get(number);
      if (input === undefined || below.has(number)) continue;
      below.add(number);
      open.push(input);
    }
  }
  return below;
}
