import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { matchRuns, type TracedRun } from "../../src/graph/match-runs.ts";
import { diff } from "../../src/llb/diff.ts";
import { digestOf } from "../../src/llb/digest.ts";
import { run } from "../../src/llb/exec.ts";
import { merge } from "../../src/llb/merge.ts";
import { image } from "../../src/llb/source-image.ts";
import { encode, goBuild } from "./sample.ts";

/** The runs of a graph whose digests are other ones. */
function runsOf(graph: Graph, digest: (own: string) => string): TracedRun[] {
  return graph.vertices.map((vertex) => ({
    digest: digest(vertex.digest),
    inputs: vertex.inputs.map(({ number }) => digest(graph.vertices[number - 1]?.digest ?? "")),
    name: vertex.name,
    cached: false,
    error: "",
    started: 0,
    completed: vertex.number,
    duration: vertex.number,
  }));
}

const graph = decodeGraph(encode(goBuild()));
const all = graph.vertices.length;

describe("the runs of a graph", () => {
  test("have its digests", () => {
    expect(
      matchRuns(
        graph,
        runsOf(graph, (own) => own),
      ),
    ).toMatchObject({ byDigest: all, byName: 0, missing: 0 });
  });

  test("have another digest where a build beside it used the cache", () => {
    const found = matchRuns(
      graph,
      runsOf(graph, (own) => digestOf(new TextEncoder().encode(`${own}-ignorecache`))),
    );
    expect(found).toMatchObject({ byDigest: all, byName: 0, missing: 0 });
  });

  test("are found by their names and those of all below them", () => {
    const found = matchRuns(
      graph,
      runsOf(graph, (own) => `other ${own}`),
    );
    expect(found).toMatchObject({ byDigest: 0, byName: all, missing: 0 });
    for (const { number } of graph.vertices) expect(found.runs.get(number)?.duration).toBe(number);
  });

  test("are found where the build knew the digests of its images", () => {
    const base = image("docker.io/library/a:1", {}, {});
    const made = run(base, "make", {}, {});
    const own = decodeGraph(encode(merge([made, diff(base, made, {})], {})));
    const digest = `sha256:${"a".repeat(64)}`;
    const traced = runsOf(own, (each) => `other ${each}`).map((each) => ({
      ...each,
      name: each.name.replaceAll("library/a:1", `library/a:1@${digest}`),
    }));
    expect(traced.filter(({ name }) => name.includes(digest))).toHaveLength(3);
    expect(matchRuns(own, traced)).toMatchObject({ byDigest: 0, byName: 4, missing: 0 });
  });

  test("are not guessed where two have the same name", () => {
    const base = image("docker.io/library/a:1", {}, {});
    const twins = ["x", "y"].map((value) => run(base, "make", { env: new Map([["A", value]]) }, {}));
    const same = decodeGraph(encode(merge(twins, {})));
    const found = matchRuns(
      same,
      runsOf(same, (own) => `other ${own}`),
    );
    expect([...found.runs.keys()]).toEqual([1, 4]);
    expect(found).toMatchObject({ byName: 2, missing: 2 });
  });

  test("are missing when the trace is of something else, or goes round in circles", () => {
    const circle = ["a", "b"].map((digest, at, both) => ({
      ...(runsOf(graph, (own) => own)[0] as TracedRun),
      digest,
      inputs: [both[1 - at] ?? ""],
    }));
    expect(matchRuns(graph, circle)).toMatchObject({ byDigest: 0, byName: 0, missing: all });
  });
});
