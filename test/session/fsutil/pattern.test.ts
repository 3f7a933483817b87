import { describe, expect, test } from "bun:test";
import { PatternMatcher } from "../../../src/session/fsutil/pattern.ts";

/** Whether a path matches when everything above it was asked before, as in a walk. */
function matches(patterns: readonly string[], path: string): boolean {
  const matcher = new PatternMatcher(patterns);
  const parts = path.split("/");
  let parent: boolean[] | undefined;
  for (let count = 1; count < parts.length; count++) {
    const results: boolean[] = [];
    matcher.matches(parts.slice(0, count).join("/"), parent, results);
    parent = results;
  }
  return matcher.matches(path, parent);
}

describe("a pattern matches", () => {
  test.each([
    ["a", "a", true],
    ["a", "a/b/c", true],
    ["a", "b/a", false],
    ["a/b", "a", false],
    ["*", "a/b", true],
    ["*/b", "a/b", true],
    ["*/b", "b", false],
    ["**/b", "b", true],
    ["**/b", "x/y/b/z", true],
    ["a/**", "a", false],
    ["a/**", "a/b", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["**", "anything/at/all", true],
    ["a.b", "axb", false],
    ["?", "\xc3\xa9", true],
    ["[^a]", "b", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["./a/../b/", "b", true],
    ["  a  ", "a", true],
  ])("%p on %p: %p", (pattern, path, expected) => {
    expect(matches([pattern], path)).toBe(expected);
  });

  test("in the order of the list, the last one that counts deciding", () => {
    expect(matches(["*", "!a", "a/b"], "a/c")).toBe(false);
    expect(matches(["*", "!a", "a/b"], "a/b/c")).toBe(true);
    expect(matches(["!a", "*"], "a")).toBe(true);
  });

  test("nothing when it is empty", () => {
    expect(new PatternMatcher(["", " ", "\t"]).patterns).toEqual([]);
  });
});

test.each(["[", "a[", "[]", "[a-]", "\\", "a\\", "!", "![", "[-a]"])("%p is refused", (pattern) => {
  expect(() => new PatternMatcher([pattern])).toThrow(/syntax error|illegal exclusion/);
});

test("a pattern that Go finds malformed only when it compares is refused then", () => {
  const matcher = new PatternMatcher(["a*[b-a]"]);
  expect(() => matcher.matches("ab", undefined)).toThrow("syntax error");
});
