import { printDot } from "./dot.ts";
import { filterGraph, parseKind } from "./filter.ts";
import type { Graph } from "./graph.ts";
import { printJson } from "./json.ts";
import { printText } from "./text.ts";

const printers = { dot: printDot, json: printJson, text: printText } as const;

/** What `--format` takes. */
export type GraphFormat = keyof typeof printers;

export interface PrintGraphOptions {
  /** Default `dot`. */
  readonly format?: GraphFormat | undefined;
  /** Names of kinds, in any case; none keeps everything. An unknown one is a LuakitError about usage. */
  readonly filters?: readonly string[] | undefined;
}

/** What `luakit dag` prints, with a newline at the end. */
export function printGraph(graph: Graph, options: PrintGraphOptions = {}): string {
  const kinds = new Set((options.filters ?? []).map(parseKind));
  const shown = kinds.size === 0 ? graph : filterGraph(graph, kinds);
  return printers[options.format ?? "dot"](shown);
}
