import { expect, test } from "bun:test";
import { isMalformedPattern } from "../../../src/session/fsutil/malformed-pattern.ts";
import { PatternMatcher } from "../../../src/session/fsutil/pattern.ts";

test.each([
  ["[a-", true],
  ["[a-z]", false],
  ["[]a]", true],
  ["!", true],
  ["!x", false],
  ["![", true],
  ["a/b\\", true],
  ["a\\[", false],
  ["**/*.ts", false],
  // Go looks no further when the part before the star differs already.
  ["ab*[", false],
  [" [", true],
])("%j is malformed: %j, as for the daemon", (pattern, malformed) => {
  expect(isMalformedPattern(pattern)).toBe(malformed);
  const build = () => new PatternMatcher([pattern]);
  if (malformed) expect(build).toThrow();
  else expect(build).not.toThrow();
});
