import { decodeDefinition } from "../graph/decode-definition.ts";
import { decodeGraph } from "../graph/decode-graph.ts";
import type { Detail, GraphVertex, ScriptLine, VertexKind } from "../graph/graph.ts";
import { withoutCache } from "../graph/match-runs.ts";
import { labelledDigest } from "../progress/part.ts";

/** A Definition that was solved. */
export interface ReportDefinition {
  /** A serialized pb.Definition. */
  readonly bytes: Uint8Array;
  /** The target or platform, where there are several. */
  readonly name?: string | undefined;
  /** The label of the daemon that built it, where there are several. */
  readonly label?: string | undefined;
}

/** Lines of a script around the one that is meant. */
export interface Excerpt extends ScriptLine {
  /** The number of the first line of `text`. */
  readonly first: number;
  readonly text: readonly string[];
}

/** What a Definition knows of a vertex. */
export interface VertexFacts {
  readonly kind: VertexKind;
  /** What each of its inputs is for. */
  readonly roles: readonly (readonly string[])[];
  readonly platform?: string | undefined;
  readonly details: readonly Detail[];
  /** Where it was made, then the calls that led there. */
  readonly excerpts: readonly Excerpt[];
  /** The names of the Definitions that have it. */
  readonly names: Set<string>;
}

/** What was solved, by the digests that it may have. */
export interface SolvedResult {
  readonly name?: string | undefined;
  readonly digests: readonly string[];
}

/** What Definitions know, by the digests that a build tells of. */
export interface DefinitionFacts {
  readonly vertices: ReadonlyMap<string, VertexFacts>;
  readonly results: readonly SolvedResult[];
}

const context = 2;
const mostExcerpts = 4;
const longestLine = 240;

/** Reads Definitions. Throws "graph.decode" for what is none. */
export function readDefinitions(definitions: readonly ReportDefinition[]): DefinitionFacts {
  const facts = new Map<string, VertexFacts>();
  const results: SolvedResult[] = [];
  for (const { bytes, name, label } of definitions) {
    const { sources = new Map<string, string>(), vertices } = decodeGraph(bytes);
    const lines = new Map([...sources].map(([file, text]) => [file, text.split("\n")]));
    const told = (digest: string) => (label === undefined ? digest : labelledDigest(label, digest));
    const result = decodeDefinition(bytes).result;
    const digests = result === undefined ? [] : [result.digest, withoutCache(result.digest)];
    if (result !== undefined) results.push({ name, digests: digests.map(told) });
    for (const vertex of vertices) {
      const digest = told(vertex.digest);
      const known = facts.get(digest) ?? factsOf(vertex, lines);
      if (name !== undefined) known.names.add(name);
      facts.set(digest, known);
      facts.set(told(withoutCache(vertex.digest)), known);
    }
  }
  return { vertices: facts, results };
}

type Sources = ReadonlyMap<string, readonly string[]>;

function factsOf({ kind, platform, details, locations, inputs }: GraphVertex, sources: Sources): VertexFacts {
  const excerpts = locations.slice(0, mostExcerpts).map((line) => excerptOf(line, sources));
  return { kind, platform, details, excerpts, roles: inputs.map(({ roles }) => roles), names: new Set() };
}

function excerptOf(place: ScriptLine, sources: Sources): Excerpt {
  return excerptAt(place, sources.get(place.file) ?? []);
}

/** The lines around a place; none when the file is not known. */
export function excerptAt({ file, line }: ScriptLine, lines: readonly string[]): Excerpt {
  const first = Math.max(1, line - context);
  const text = lines.slice(first - 1, line + context).map((each) => each.slice(0, longestLine));
  while (text.length > line - first + 1 && text.at(-1)?.trim() === "") text.pop();
  return { file, line, first, text };
}
