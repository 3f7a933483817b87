import { expect, test } from "bun:test";
import type { Input } from "../../src/cli/command.ts";
import { readArguments, readTimeout } from "../../src/cli/script-flags.ts";
import { failureOf } from "../image/failure.ts";

function input(flags: Record<string, string[]>): Input {
  return { flags: new Map(Object.entries(flags)), positionals: [] };
}

test("build arguments come from three spellings; a bare name takes the host's variable", () => {
  const given = input({
    "build-arg": ["A=1=2", "HOME", "GONE"],
    opt: ["build-arg:B=x"],
    "frontend-arg": ["A=0", "C="],
  });
  expect([...readArguments(given, { HOME: "/root" })]).toEqual([
    ["A", "1=2"],
    ["C", ""],
    ["B", "x"],
    ["HOME", "/root"],
  ]);
});

test("a bare name that every object knows is no variable of the host", () => {
  expect([...readArguments(input({ "build-arg": ["constructor", "toString"] }), {})]).toEqual([]);
});

test("a build argument needs a name", () => {
  expect(() => readArguments(input({ opt: ["=x"] }), {})).toThrow('--opt: "=x" is not NAME=VALUE');
});

test.each([
  ["target=b", "--target NAME"],
  ["platform=linux/386", "--platform OS/ARCH"],
  ["no-cache=a", "--no-cache"],
  ["hostname=x", "in the options of a step"],
])("--opt %s is what a frontend would take, and would do nothing here", (text, instead) => {
  const error = failureOf(() => readArguments(input({ opt: [text] }), {}));
  expect([error.code, error.hint]).toEqual(["usage", expect.stringContaining(instead)]);
  expect([...readArguments(input({ "build-arg": [text] }), {})]).toHaveLength(1);
});

test("--opt no-cache= is for the daemon", () => {
  expect([...readArguments(input({ opt: ["no-cache="] }), {})]).toEqual([["no-cache", ""]]);
});

test("a timeout is a duration or seconds", () => {
  expect(readTimeout(input({}))).toBe(30_000);
  expect(readTimeout(input({ timeout: ["500ms"] }))).toBe(500);
  expect(readTimeout(input({ timeout: ["1m30s"] }))).toBe(90_000);
  expect(readTimeout(input({ timeout: ["2"] }))).toBe(2000);
  for (const wrong of ["soon", "0", "-1s", "0s", "1s later"]) {
    expect(() => readTimeout(input({ timeout: [wrong] }))).toThrow("--timeout");
  }
});
