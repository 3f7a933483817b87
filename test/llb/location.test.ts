import { expect, test } from "bun:test";
import { callersOf, positionOf } from "../../src/llb/location.ts";

test("a location gives its position and those of its callers", () => {
  const source = { name: "build.lua", data: "x" };
  const location = { source, line: 3, caller: { source, line: 2, caller: { source, line: 1 } } };
  expect(positionOf(location)).toEqual({ file: "build.lua", line: 3, source: "x" });
  expect(callersOf(location).map(({ line }) => line)).toEqual([2, 1]);
});
