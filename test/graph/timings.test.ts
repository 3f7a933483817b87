import { expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import type { TracedRun } from "../../src/graph/match-runs.ts";
import { marksOf, timingsOf } from "../../src/graph/timings.ts";
import { encode, hello } from "./sample.ts";

const graph = decodeGraph(encode(hello()));
const [source, exec] = graph.vertices.map(({ digest }) => digest);

function runOf(digest: string | undefined, more: Partial<TracedRun>): TracedRun {
  const times = { started: 1000, completed: 3000, duration: 2000 };
  return { digest: digest ?? "", inputs: [], name: "x", cached: false, error: "", ...times, ...more };
}

test("what came from the cache took no time", () => {
  const timings = timingsOf(graph, [runOf(source, { cached: true }), runOf(exec, { started: 2000, duration: 1000 })]);
  expect(timings).toMatchObject({ start: 1000, end: 3000, critical: [2], criticalDuration: 1000 });
  expect([...marksOf(timings)]).toEqual([
    [1, { text: "cached", tone: "good", critical: false }],
    [2, { text: "1.0 s", share: 1, critical: true }],
  ]);
});

test("what failed and what did not end is marked", () => {
  const timings = timingsOf(graph, [
    runOf(source, { error: "no such image" }),
    runOf(exec, { completed: undefined, duration: 0 }),
  ]);
  expect([...marksOf(timings).values()].map(({ text, tone }) => [text, tone])).toEqual([
    ["failed", "bad"],
    ["not ended", undefined],
  ]);
});

test("the span of a build has vertices that the graph does not", () => {
  const timings = timingsOf(graph, [runOf(source, {}), runOf("sha256:export", { completed: 9000 })]);
  expect(timings.end - timings.start).toBe(8000);
});
