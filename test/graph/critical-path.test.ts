import { expect, test } from "bun:test";
import { criticalPath } from "../../src/graph/critical-path.ts";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { run } from "../../src/llb/exec.ts";
import { merge } from "../../src/llb/merge.ts";
import { image } from "../../src/llb/source-image.ts";
import { chain, encode } from "./sample.ts";

const base = image("docker.io/library/a:1", {}, {});
const branch = (name: string) => run(run(base, `${name} 1`, {}, {}), `${name} 2`, {}, {});
// 1 is the base, 2 and 3 the first branch, 4 and 5 the second, 6 the merge.
const graph = decodeGraph(encode(merge([branch("a"), branch("b")], {})));

test("is the chain that takes longest in all, not the one with the longest step", () => {
  const durations = new Map([
    [1, 100],
    [2, 500],
    [3, 0],
    [4, 300],
    [5, 300],
    [6, 10],
  ]);
  expect(criticalPath(graph, durations)).toEqual({ numbers: [1, 4, 5, 6], duration: 710 });
});

test("starts and ends with what took time", () => {
  const ends = new Map([
    [2, 20],
    [6, 10],
  ]);
  expect(criticalPath(graph, ends)).toEqual({ numbers: [2, 3, 6], duration: 30 });
  expect(criticalPath(graph, new Map([[3, 20]]))).toEqual({ numbers: [3], duration: 20 });
  expect(criticalPath(graph, new Map())).toEqual({ numbers: [], duration: 0 });
});

test("may be a very long chain", () => {
  const long = decodeGraph(encode(chain(3000)));
  const durations = new Map(long.vertices.map(({ number }) => [number, 1]));
  expect(criticalPath(long, durations).duration).toBe(long.vertices.length);
});
