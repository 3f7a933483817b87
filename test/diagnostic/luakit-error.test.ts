import { expect, test } from "bun:test";
import { codes, exitStatus } from "../../src/diagnostic/code.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";

test("takes a position once and keeps it", () => {
  const error = new LuakitError("script.option", "unknown option", { hint: "write env" });
  const placed = error.at({ file: "build.lua", line: 7 });
  expect(placed.position).toEqual({ file: "build.lua", line: 7 });
  expect(placed.hint).toBe("write env");
  expect(placed.at({ file: "other.lua", line: 1 })).toBe(placed);
});

test("wrong usage exits 2, a failed script 1", () => {
  expect(exitStatus("usage")).toBe(2);
  expect(exitStatus("script.syntax")).toBe(1);
  expect(Object.values(codes).every((status) => status > 0)).toBe(true);
});
