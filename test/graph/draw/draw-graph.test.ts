import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../../src/graph/decode-graph.ts";
import { drawGraph, type Mark } from "../../../src/graph/draw/draw-graph.ts";
import { filterGraph } from "../../../src/graph/filter.ts";
import { run } from "../../../src/llb/exec.ts";
import { merge } from "../../../src/llb/merge.ts";
import { image } from "../../../src/llb/source-image.ts";
import { scratch } from "../../../src/llb/state.ts";
import { chain, encode, everyMount, goBuild } from "../sample.ts";

describe("a drawing", () => {
  test("has every vertex, edge and result once, with their ids", () => {
    const graph = decodeGraph(encode(goBuild()));
    const { markup } = drawGraph(graph);
    const numbers = [...markup.matchAll(/<g class="vertex \w+" id="v(\d+)" data-n="\1"/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual(graph.vertices.map(({ number }) => number));
    const edges = [...markup.matchAll(/data-from="(\w+)" data-to="(\w+)"/g)].map(([, from, to]) => `${from} ${to}`);
    const wanted = graph.vertices.flatMap(({ number, inputs }) => inputs.map((input) => `${input.number} ${number}`));
    expect(edges).toEqual([...wanted, `${graph.vertices.length} r0`]);
    expect(markup.match(/class="result" id="r0"/g)).toHaveLength(1);
  });

  test("tells the roles of edges apart", () => {
    const { markup } = drawGraph(decodeGraph(encode(goBuild())));
    const styles = new Set([...markup.matchAll(/class="edge (\w+)/g)].map(([, style]) => style));
    expect([...styles].sort()).toEqual(["base", "copy", "mount"]);
    const filtered = filterGraph(decodeGraph(encode(everyMount())), new Set(["Source", "File"]));
    expect(drawGraph(filtered).markup).toContain('class="edge indirect');
  });

  test("leads down, and to the right where a graph is wide", () => {
    expect(drawGraph(decodeGraph(encode(goBuild()))).direction).toBe("down");
    const base = image("docker.io/library/a:1", {}, {});
    const branches = Array.from({ length: 30 }, (_, at) => run(base, `make part ${at}`, {}, {}));
    const wide = decodeGraph(encode(merge(branches, {})));
    expect(drawGraph(wide).direction).toBe("right");
    expect(drawGraph(wide, { direction: "down" }).direction).toBe("down");
  });

  test("shows what a build told", () => {
    const graph = decodeGraph(encode(goBuild()));
    const critical = graph.vertices.filter(({ kind }) => kind !== "File").map(({ number }) => number);
    const marks = new Map<number, Mark>(
      critical.map((number) => [number, { text: "1.5 s", share: 1, critical: true }]),
    );
    marks.set(4, { text: "cached", tone: "good" });
    const { markup } = drawGraph(graph, { marks });
    expect(markup).toContain('<g class="mark good">');
    expect(markup.match(/class="vertex \w+ critical"/g)?.length).toBe(critical.length - (critical.includes(4) ? 1 : 0));
    expect(markup).toContain('class="share"');
    const criticalEdges = (drawn: string) => drawn.match(/class="edge \w+ critical"/g)?.length;
    const path = graph.vertices.map(({ number }) => number).filter((number) => number === 3 || number === 5);
    expect(criticalEdges(markup)).toBe(1);
    expect(criticalEdges(drawGraph(graph, { marks, path }).markup)).toBe(1);
    expect(criticalEdges(drawGraph(graph, { marks, path: [3] }).markup)).toBeUndefined();
  });

  test("draws scratch, and a long chain without a deep stack", () => {
    expect(drawGraph(decodeGraph(encode(scratch))).markup).toContain("result: scratch");
    expect(drawGraph(decodeGraph(encode(chain(2000)))).height).toBeGreaterThan(1000);
  });
});
