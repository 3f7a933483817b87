import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { filterGraph, filterKinds, parseKind } from "../../src/graph/filter.ts";
import type { Graph, VertexKind } from "../../src/graph/graph.ts";
import { chain, encode, goBuild, mergeAndDiff } from "./sample.ts";

function filtered(graph: Graph, ...kinds: VertexKind[]): Graph {
  return filterGraph(graph, new Set(kinds));
}

describe("a filter", () => {
  test("takes kinds in any case", () => {
    expect(filterKinds.map((kind) => parseKind(kind.toUpperCase()))).toEqual([...filterKinds]);
  });

  test("names the nearest kind on a miss", () => {
    expect(() => parseKind("exce")).toThrow('--filter: unknown kind "exce" (did you mean "Exec"?)');
    expect(() => parseKind("")).toThrow('--filter: unknown kind ""');
  });

  test("keeps numbers and direct inputs", () => {
    const graph = decodeGraph(encode(goBuild()));
    const kept = filtered(graph, "Source", "Exec");
    expect(kept.vertices.map(({ number }) => number)).toEqual([1, 2, 3, 5]);
    expect(kept.vertices[3]?.inputs).toMatchObject([
      { number: 2, roles: ["base"], indirect: true },
      { number: 3, roles: ["base"], indirect: true },
      { number: 3, roles: ["mount /src"], indirect: false },
    ]);
    expect(kept.results[0]?.inputs).toMatchObject([
      { number: 1, indirect: true },
      { number: 5, indirect: true },
    ]);
  });

  test("joins through many removed vertices", () => {
    const graph = decodeGraph(encode(mergeAndDiff()));
    const { vertices } = filtered(graph, "Merge", "Source");
    expect(vertices.at(-1)?.inputs.map(({ number, roles }) => [number, roles[0]])).toEqual([
      [1, "input 1"],
      [1, "input 2"],
      [1, "input 3"],
      [7, "input 4"],
      [8, "input 5"],
    ]);
  });

  test("that keeps everything or nothing gives a graph", () => {
    const graph = decodeGraph(encode(goBuild()));
    expect(filtered(graph, ...filterKinds)).toEqual(graph);
    expect(filtered(graph, "Build")).toMatchObject({ vertices: [], results: [{ name: undefined, inputs: [] }] });
  });

  test("walks a long chain without a deep stack", () => {
    const { results } = filtered(decodeGraph(encode(chain(10_000))), "Source");
    expect(results[0]?.inputs).toMatchObject([{ number: 1, indirect: true }]);
  });
});
