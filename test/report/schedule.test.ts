import { expect, test } from "bun:test";
import { findCriticalPath, findWaits, type Scheduled } from "../../src/report/schedule.ts";

const step = (start: number, end: number, ...inputs: number[]): Scheduled => ({ inputs, intervals: [[start, end]] });

test("a vertex waits from the end of its last input to its own beginning", () => {
  const waits = findWaits([step(0, 100), step(0, 300), step(800, 900, 0, 1), step(300, 800, 1), step(100, 120, 0)]);
  expect(waits).toEqual([undefined, undefined, { from: 300, to: 800, input: 1, running: 1 }, undefined, undefined]);
});

test("what has no inputs, did not run, or waited for less than the daemon's own work did not wait", () => {
  expect(findWaits([step(500, 600), { inputs: [0], intervals: [] }, step(640, 700, 0)])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("only the last part of a vertex's work waits", () => {
  const looked = { inputs: [0], intervals: [[110, 120] as const, [500, 600] as const] };
  expect(findWaits([step(0, 100), looked])[1]).toEqual({ from: 120, to: 500, input: 0, running: 0 });
});

test("the critical path goes over the inputs that ended last, and on to what ended before", () => {
  const metadata = step(0, 50);
  const vertices = [metadata, step(50, 100), step(50, 400), step(400, 700, 1, 2), step(100, 300, 1), step(720, 900)];
  expect(findCriticalPath(vertices)).toEqual([0, 2, 3, 5]);
  expect(findCriticalPath(vertices, 4)).toEqual([0, 1, 4]);
});

test("no vertices have no path, and circles end", () => {
  expect(findCriticalPath([])).toEqual([]);
  expect(findCriticalPath([step(0, 1, 1), step(0, 2, 0)])).toEqual([0, 1]);
});
