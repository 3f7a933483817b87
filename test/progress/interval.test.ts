import { expect, test } from "bun:test";
import { mergeIntervals, totalTime } from "../../src/progress/interval.ts";

const merge = (...pairs: [number, number?][]) =>
  mergeIntervals(pairs.map(([start, stop]) => ({ start, stop }))).map(({ start, stop }) => [start, stop]);

test("intervals that overlap or touch are one", () => {
  expect(merge([1, 3], [2, 5], [5, 6], [8, 9])).toEqual([
    [1, 6],
    [8, 9],
  ]);
});

test("their order does not matter, and one within another is nothing", () => {
  expect(merge([8, 9], [1, 7], [2, 3])).toEqual([
    [1, 7],
    [8, 9],
  ]);
});

test("one without an end takes all that follow", () => {
  expect(merge([1, 2], [4], [5, 6], [9])).toEqual([
    [1, 2],
    [4, undefined],
  ]);
  expect(merge([1, 4], [3])).toEqual([[1, undefined]]);
});

test("the total counts what runs until now, and never backwards", () => {
  expect(
    totalTime(
      [
        { start: 1, stop: 3 },
        { start: 5, stop: undefined },
      ],
      9,
    ),
  ).toBe(6);
  expect(totalTime([{ start: 5, stop: undefined }], 2)).toBe(0);
  expect(totalTime([], 9)).toBe(0);
});
