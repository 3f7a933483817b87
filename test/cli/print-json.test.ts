import { expect, test } from "bun:test";
import { printJson } from "../../src/cli/print-json.ts";

test("nothing in it drives a terminal or a runner, and it means the same", () => {
  const value = { "a\u009b": "\u001b[2J\u202e\u007f##[set-output name=x]y\n::z" };
  const text = printJson(value);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}|##\[/u);
  expect(JSON.parse(text)).toEqual(value);
});
