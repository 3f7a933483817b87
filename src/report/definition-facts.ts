import { decodeDefinition } from "../graph/decode-definition.ts";
import { decodeGraph } from "../graph/decode-graph.ts";
import type { Detail, GraphVertex, ScriptLine } from "../graph/graph.ts";
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
  readonly kind: string;
  readonly platform?: string | undefined;
  readonly details: readonly Detail[];
  /** Where it was made, then the calls that led there. */
  readonly excerpts: readonly Excerpt[];
  /** The names of the Definitions that have it. */
  readonly names: Set<string>;
}

const context = 2;
const mostExcerpts = 4;
const longestLine = 240;

/** What Definitions know of vertices, by the digests that a build tells of. */
export function readDefinitions(definitions: readonly ReportDefinition[]): ReadonlyMap<string, VertexFacts> {
  const facts = new Map<string, VertexFacts>();
  for (const { bytes, name, label } of definitions) {
    const sources = sourcesOf(bytes);
    for (const vertex of decodeGraph(bytes).vertices) {
      const digest = label === undefined ? vertex.digest : labelledDigest(label, vertex.digest);
      const known = facts.get(digest) ?? factsOf(vertex, sources);
      if (name !== undefined) known.names.add(name);
      facts.set(digest, known);
    }
  }
  return facts;
}

type Sources = ReadonlyMap<string, readonly string[]>;

function sourcesOf(bytes: Uint8Array): Sources {
  const infos = decodeDefinition(bytes).definition.Source?.infos ?? [];
  return new Map(infos.map(({ filename, data }) => [filename, new TextDecoder().decode(data).split("\n")]));
}

function factsOf({ kind, platform, details, locations }: GraphVertex, sources: Sources): VertexFacts {
  const excerpts = locations.slice(0, mostExcerpts).map((line) => excerptOf(line, sources));
  return { kind, platform, details, excerpts, names: new Set() };
}

function excerptOf(place: ScriptLine, sources: Sources): Excerpt {
  return excerptAt(place, sources.get(place.file) ?? []);
}

/** The lines around a place; none when the file is not known. */
export function excerptAt({ file, line }: ScriptLine, lines: readonly string[]): Excerpt {
  const first = Math.max(1, line - context);
  return { file, line, first, text: lines.slice(first - 1, line + context).map((text) => text.slice(0, longestLine)) };
}
