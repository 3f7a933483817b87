import { expect, test } from "bun:test";
import { decodeString } from "../../src/lint/lua-string.ts";

test.each([
  ['"plain"', "plain"],
  ["'it\\'s'", "it's"],
  ['"a\\n\\t\\\\b"', "a\n\t\\b"],
  ['"\\65\\x42\\u{43}"', "ABC"],
  ['"a\\z\n   b"', "ab"],
  ['"a\\\nb"', "a\nb"],
  ["[[long]]", "long"],
  ["[==[\nlong]] ]==]", "long]] "],
])("%j", (raw, value) => {
  expect(decodeString(raw)).toBe(value);
});
