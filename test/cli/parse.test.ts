import { expect, test } from "bun:test";
import type { Command } from "../../src/cli/command.ts";
import { parseInput } from "../../src/cli/parse.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";

const command: Command = {
  name: "build",
  summary: "",
  operands: "[SCRIPT]",
  maxOperands: 1,
  flags: {
    output: { type: "string", short: "o", doc: "" },
    "build-arg": { type: "string", repeatable: true, doc: "" },
    "no-resolve": { type: "boolean", doc: "" },
    format: { type: "string", choices: ["text", "json"], doc: "" },
  },
  examples: [],
  run: () => 0,
};

function failure(...words: string[]): string {
  try {
    parseInput(command, words);
  } catch (error) {
    if (error instanceof LuakitError && error.code === "usage") return error.message;
    throw error;
  }
  throw new Error("expected a usage error");
}

test("takes values with a space, with an equals sign and glued to a short flag", () => {
  for (const words of [["--output", "x"], ["--output=x"], ["-o", "x"], ["-ox"], ["-o=x"]]) {
    expect(parseInput(command, words).flags.get("output")).toEqual(["x"]);
  }
});

test("keeps every value of a repeatable flag, and equals signs and dashes in values", () => {
  const input = parseInput(command, ["--build-arg", "A=1=2", "build.lua", "--build-arg=--B", "--no-resolve"]);
  expect(input.flags.get("build-arg")).toEqual(["A=1=2", "--B"]);
  expect(input.positionals).toEqual(["build.lua"]);
  expect(input.flags.has("no-resolve")).toBe(true);
});

test("a lone dash and what follows -- are operands", () => {
  expect(parseInput(command, ["-"]).positionals).toEqual(["-"]);
  expect(parseInput(command, ["--", "-o"]).positionals).toEqual(["-o"]);
});

test("refuses what it does not know, with the nearest name", () => {
  expect(failure("--ouput=x")).toBe('unknown flag "--ouput" (did you mean "--output"?)');
  expect(failure("-x")).toBe('unknown flag "-x"');
  expect(failure("--format", "jsn")).toBe('--format: "jsn" is not known (did you mean "json"?)');
  expect(failure("--constructor")).toStartWith('unknown flag "--constructor"');
});

test("refuses a missing value, a value of a switch, a flag given twice and a second script", () => {
  expect(failure("--output")).toBe("--output needs a value");
  expect(failure("--no-resolve=yes")).toBe("--no-resolve takes no value but true or false");
  expect(failure("-oa", "-ob")).toBe("--output is given twice");
  expect(failure("a.lua", "b.lua")).toBe('unexpected argument "b.lua"');
});

test("a flag without a value may say true or false, and the last one counts", () => {
  const isSet = (...words: string[]) => parseInput(command, words).flags.has("no-resolve");
  expect(isSet("--no-resolve=true")).toBe(true);
  expect(isSet("--no-resolve=false")).toBe(false);
  expect(isSet("--no-resolve", "--no-resolve=false")).toBe(false);
  expect(isSet("--no-resolve=false", "--no-resolve")).toBe(true);
});
