import { expect, test } from "bun:test";
import { nestedOptions } from "../../src/frontend/nesting.ts";

test("each frontend is told how deep it is, and the eleventh is refused", () => {
  let options: Readonly<Record<string, string>> = {};
  for (let depth = 0; depth < 10; depth++) options = nestedOptions(new Map(Object.entries(options)));
  expect(() => nestedOptions(new Map(Object.entries(options)))).toThrow("a frontend within 10 others");
});
