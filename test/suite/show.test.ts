import { expect, test } from "bun:test";
import { showLine, showLong, showValue } from "../../src/suite/show.ts";
import type { Value } from "../../src/suite/value.ts";

const value: Value = new Map<string, Value>([
  ["ports", [80, 443]],
  ["a b", true],
  ["[3]", null],
]);

test("tables are written as Lua has them, their keys in order", () => {
  expect(showLine(value)).toBe('{[3] = nil, ["a b"] = true, ports = {80, 443}}');
  expect(showLong(value)).toBe('{\n  [3] = nil,\n  ["a b"] = true,\n  ports = {\n    80,\n    443,\n  },\n}');
});

test("what is long gets lines of its own", () => {
  expect(showValue(["a".repeat(30)])).not.toContain("\n");
  expect(showValue(["a".repeat(30), "b".repeat(30)])).toContain("\n");
});

test("text cannot leave its quotes", () => {
  expect(showLine('a"\\\n\t\u001b[1m')).toBe('"a\\"\\\\\\n\\t\\x1b[1m"');
});
