import { printDot } from "./dot.ts";
import { filterGraph, parseKind } from "./filter.ts";
import type { Graph } from "./graph.ts";
import { printJson } from "./json.ts";
import { printMermaid } from "./mermaid.ts";
import { printText } from "./text.ts";

const printers = { dot: printDot, json: printJson, text: printText, mermaid: printMermaid } as const;

/** What is printed as text; drawings are in svg.ts and page/print-page.ts. */
export type GraphFormat = keyof typeof printers;

export interface PrintGraphOptions {
  /** Default `dot`. */
  readonly format?: GraphFormat | undefined;
  /** Names of kinds, in any case; none keeps everything. An unknown one is a LuakitError about usage. */
  readonly filters?: readonly string[] | undefined;
}

/** What `luakit dag` prints, with a newline at the end. */
export function printGraph(graph: Graph, options: PrintGraphOptions = {}): string {
  return printers[options.format ?? "dot"](keepKinds(graph, options.filters ?? []));
}

/** The graph with the vertices of these kinds, named in any case; none keeps everything. */
export function keepKinds(graph: Graph, filters: readonly string[]): Graph {
  const kinds = new Set(filters.map(parseKind));
  return kinds.size === 0 ? graph : filterGraph(graph, kinds);
}
