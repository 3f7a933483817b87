import { expect, test } from "bun:test";
import { embedJson } from "../../src/page/embed-json.ts";

test("no value ends the script element or opens a comment in it", () => {
  const value = { "</script>": "<!-- <script> ]]>", line: "\u2028\u2029" };
  const text = embedJson(value);
  expect(text).not.toMatch(/[<>\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual(value);
});
