import { expect, test } from "bun:test";
import { cleanPath, resolveDestination, resolvePath } from "../../src/llb/path.ts";

test.each([
  ["", "."],
  ["a/b/", "a/b"],
  ["a//b/./c", "a/b/c"],
  ["a/../..", ".."],
  ["../../a", "../../a"],
  ["/..", "/"],
  ["/a/../../b", "/b"],
  ["/", "/"],
  ["//", "/"],
  ["/a/", "/a"],
  ["/.hidden/x", "/.hidden/x"],
  ["/a..b", "/a..b"],
])("the clean path of %p is %p", (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test.each([
  ["/w", "a", "/w/a"],
  ["/w", "/a/", "/a"],
  ["w", "a", "/w/a"],
  ["/w", "../../..", "/"],
  ["/", ".", "/"],
])("below %p, %p is %p", (directory, path, resolved) => {
  expect(resolvePath(directory, path)).toBe(resolved);
});

test.each([
  ["a/", "/w/a/"],
  ["a/.", "/w/a/."],
  ["/", "/"],
  ["/.", "/."],
  [".", "/w"],
  ["./", "/w/"],
])("the destination %p keeps its mark: %p", (path, resolved) => {
  expect(resolveDestination("/w", path)).toBe(resolved);
});
