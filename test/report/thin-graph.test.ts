import { expect, test } from "bun:test";
import { mostImportant, nearestInputs } from "../../src/report/thin-graph.ts";

const vertex = (time: number, ...inputs: number[]) => ({ time, inputs, state: "done" });

test("what is wanted goes first, then what failed, then what took longest", () => {
  const vertices = [vertex(1), vertex(9), vertex(5), { ...vertex(0), state: "failed" }];
  expect(mostImportant(vertices, [0], 3)).toEqual(new Set([0, 3, 1]));
  expect(mostImportant(vertices, [], 9).size).toBe(4);
});

test("inputs that are left out lead to theirs, unless there is a direct way", () => {
  const vertices = [vertex(0), vertex(0, 0), vertex(0, 1), vertex(0, 2, 0)];
  const ways = nearestInputs(vertices, [0, 1, 2, 3], new Set([0, 2, 3]));
  expect(ways.get(2)).toEqual([{ place: 0, by: 0, indirect: true }]);
  expect(nearestInputs(vertices, [0, 1, 2, 3], new Set([0, 3])).get(3)).toEqual([{ place: 0, by: 1, indirect: false }]);
  expect(nearestInputs(vertices, [0, 1, 2, 3], new Set([0, 1, 2, 3])).get(3)).toEqual([
    { place: 2, by: 0, indirect: false },
    { place: 0, by: 1, indirect: false },
  ]);
});
