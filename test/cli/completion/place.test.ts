import { describe, expect, test } from "bun:test";
import type { Command } from "../../../src/cli/command.ts";
import { readLine } from "../../../src/cli/completion/place.ts";

const command: Command = {
  name: "build",
  summary: "",
  operands: "[SCRIPT]",
  maxOperands: 1,
  flags: {
    solve: { type: "boolean", doc: "" },
    target: { type: "string", short: "t", doc: "" },
    arg: { type: "string", repeatable: true, doc: "" },
  },
  examples: [],
  run: () => 0,
};

const operand = (...before: string[]) => ({ kind: "operand", before });
const value = (name: string, prefix = "") => ({ kind: "value", name, prefix });

describe("the word at the cursor", () => {
  test.each([
    [[], "", operand()],
    [[], "bu", operand()],
    [["build.lua"], "", operand("build.lua")],
    [[], "-", { kind: "flag" }],
    [[], "--ta", { kind: "flag" }],
    [["--solve"], "", operand()],
    [["--target"], "", value("target")],
    [["--target"], "--x", value("target")],
    [["-t"], "x", value("target")],
    [["-tx"], "", operand()],
    [["--target=x"], "", operand()],
    [["--target", "x"], "", operand()],
    [[], "--target=x=y", value("target", "--target=")],
    [["a", "--"], "--target", operand("a")],
    [["--what"], "", operand()],
    [["-"], "", operand("-")],
  ])("%j %j", (before, current, place) => {
    expect(readLine(command, before, current).place).toMatchObject(place);
  });
});

test("what is complete leaves out the flag that waits for its value", () => {
  const { complete, given } = readLine(command, ["a.lua", "--arg", "x", "--target"], "");
  expect([complete, [...given]]).toEqual([
    ["a.lua", "--arg", "x"],
    ["arg", "target"],
  ]);
});
