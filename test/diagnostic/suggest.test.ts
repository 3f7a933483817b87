import { expect, test } from "bun:test";
import { didYouMean, editDistance, suggest } from "../../src/diagnostic/suggest.ts";

test("counts edits, a swap of neighbours being one", () => {
  expect(editDistance("env", "env")).toBe(0);
  expect(editDistance("evn", "env")).toBe(1);
  expect(editDistance("", "env")).toBe(3);
  expect(editDistance("mounts", "mount")).toBe(1);
});

test("suggests the nearest candidate and nothing for a word that is far from all", () => {
  expect(suggest("evn", ["cwd", "env", "user"])).toBe("env");
  expect(suggest("valid_exit_code", ["valid_exit_codes", "env"])).toBe("valid_exit_codes");
  expect(suggest("banana", ["cwd", "env", "user"])).toBeUndefined();
});

test("phrases the suggestion for a message", () => {
  expect(didYouMean("evn", ["env"])).toBe(' (did you mean "env"?)');
  expect(didYouMean("zzzzzz", ["env"])).toBe("");
});

test("a word of millions of letters is not compared letter by letter", () => {
  const started = performance.now();
  expect(suggest("x".repeat(5_000_000), ["env", "y".repeat(1000)])).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(3000);
});
