import { expect, test } from "bun:test";
import { readScriptArguments } from "../../src/frontend/script-arguments.ts";

const read = (options: Readonly<Record<string, string>>) =>
  Object.fromEntries(readScriptArguments(new Map(Object.entries(options))));

test("build arguments, those for frontends too, and bare names", () => {
  const options = { "build-arg:A": "1", "build-arg:BUILDKIT_SYNTAX": "x", "build-arg:EMPTY": "", BARE: "2" };
  expect(read(options)).toEqual({ A: "1", BUILDKIT_SYNTAX: "x", EMPTY: "", BARE: "2" });
});

test("a build argument goes before a bare name", () => {
  expect(read({ "build-arg:A": "argument", A: "bare" })).toEqual({ A: "argument" });
});

test("what is for frontends is none", () => {
  const options = { source: "image", target: "t", platform: "p", "label:x": "y", "context:base": "z", memory: "1" };
  expect(read({ ...options, contextkey: "elsewhere", elsewhere: "https://x" })).toEqual({});
});
