import { describe, expect, test } from "bun:test";
import { decodeGraph, decodeGraphs } from "../../src/graph/decode-graph.ts";
import { printDot } from "../../src/graph/dot.ts";
import { filterGraph } from "../../src/graph/filter.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { scratch } from "../../src/llb/state.ts";
import { expectGolden } from "../golden/golden.ts";
import { encode, everyMount, goBuild } from "./sample.ts";

function labelOf(command: string): string {
  const dot = printDot(decodeGraph(encode(run(image("docker.io/library/a:1", {}, {}), command, {}, {}))));
  return dot.split("\n").find((line) => line.startsWith("  v2 [")) ?? "";
}

describe("the dot of a graph", () => {
  test("is as its golden file", async () => {
    await expectGolden("go-build.dot", printDot(decodeGraph(encode(goBuild()))));
  });

  test("shows cache mounts to grep", () => {
    const lines = printDot(decodeGraph(encode(everyMount()))).split("\n");
    expect(lines.filter((line) => line.includes("mount cache /cache id=c sharing=private"))).toHaveLength(1);
  });

  test("names the output that an edge comes from", () => {
    expect(printDot(decodeGraph(encode(everyMount())))).toContain('v4 -> v5 [label="/out as copy from"];');
  });

  test("escapes what Graphviz reads in a label", () => {
    const label = labelOf('printf "a\\nb" && echo &amp; \u001b');
    expect(label).toContain('printf \\"a\\\\nb\\" && echo &amp;amp; \\\\x1b\\l');
  });

  test("draws what a filter joined with dashes", () => {
    const dot = printDot(filterGraph(decodeGraph(encode(goBuild())), new Set(["Exec", "Source"] as const)));
    expect(dot).toContain('v2 -> v5 [label="base", style=dashed];');
    expect(dot).not.toContain("v4");
  });

  test("has every result", () => {
    const named = [
      { name: "linux/amd64", definition: encode(goBuild()) },
      { name: "none", definition: encode(scratch) },
    ];
    const dot = printDot(decodeGraphs(named));
    expect(dot).toContain('label="result linux/amd64"');
    expect(dot).toContain('label="result none: scratch"');
  });
});
