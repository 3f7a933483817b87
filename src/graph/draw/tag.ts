import type { Graph } from "../graph.ts";
import { cutText } from "./label.ts";

/**
 * What tells vertices of a graph apart that has several platforms or results: the platform, where there are several, else
 * the result that a vertex belongs to alone.
 */
export function tagsOf(graph: Graph): ReadonlyMap<number, string> {
  const tags = new Map<number, string>();
  const platforms = new Set(graph.vertices.flatMap(({ platform }) => platform ?? []));
  const isUniform = platforms.size < 2 || [...platforms].some((name) => !name.includes("/"));
  const systems = new Set([...platforms].map((name) => name.split("/")[0]));
  const owners = graph.results.length > 1 ? resultsOf(graph) : new Map<number, ReadonlySet<number>>();
  for (const { number, platform } of graph.vertices) {
    if (platform !== undefined && !isUniform) {
      tags.set(number, cutText(systems.size === 1 ? platform.replace(/^[^/]*\//, "") : platform, 16));
      continue;
    }
    const [owner, ...others] = owners.get(number) ?? [];
    const name = owner === undefined || others.length > 0 ? undefined : graph.results[owner]?.name;
    if (name !== undefined && platforms.size < 2) tags.set(number, cutText(name, 16));
  }
  return tags;
}

/** For each vertex the results that are made of it, by their place. */
export function resultsOf(graph: Graph): ReadonlyMap<number, ReadonlySet<number>> {
  const byNumber = new Map(graph.vertices.map((vertex) => [vertex.number, vertex]));
  const owners = new Map<number, Set<number>>();
  for (const [at, { inputs }] of graph.results.entries()) {
    const open = inputs.map(({ number }) => number);
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const known = owners.get(number) ?? new Set<number>();
      owners.set(number, known);
      if (known.has(at)) continue;
      known.add(at);
      for (const input of byNumber.get(number)?.inputs ?? []) open.push(input.number);
    }
  }
  return owners;
}
