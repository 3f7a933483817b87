import { describe } from "bun:test";
import { comparisons } from "./comparisons.ts";
import { compareWithGo } from "./driver/compare.ts";

describe("as Go has it", () => {
  for (const comparison of comparisons) compareWithGo(comparison);
});
