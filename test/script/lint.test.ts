import { expect, test } from "bun:test";
import { lintScript } from "../../src/script/lint.ts";
import { evaluateOptions, oneModule } from "./evaluate-options.ts";

const lint = (script: string, more = {}) => lintScript(evaluateOptions(script, more));

test("has the warnings of every target, in the order of their places, those of modules last", () => {
  const script = `
    bk.target("late", {}, function()
      bk.warn("of a target")
      return bk.scratch()
    end)
    require("aaa")
    bk.warn("of the script")`;
  const { findings, error } = lint(script, oneModule("aaa", 'bk.warn("module")'));
  expect(error).toBeUndefined();
  expect(findings.map(({ problem: { position } }) => [position?.file, position?.line])).toEqual([
    ["build.lua", 3],
    ["build.lua", 7],
    ["aaa.lua", 1],
  ]);
});

test("has what was warned of before an error, and the error", () => {
  const { findings, error } = lint('bk.warn("one")\nerror("two")\nbk.warn("three")');
  expect(findings.map(({ problem }) => problem.message)).toEqual(["one"]);
  expect(error).toMatchObject({ position: { file: "build.lua", line: 2 } });
});

test("checks one target when it is asked for", () => {
  const script = `
    bk.target("a", {}, function() return bk.scratch() end)
    bk.target("b", {}, function() error("b") end)`;
  expect(lint(script, { target: "a" }).error).toBeUndefined();
  expect(lint(script).error?.message).toContain("b");
  expect(lint(script, { target: "c" }).error?.message).toContain('no target "c"');
});

test("a required argument that is missing is an error, as in a build", () => {
  expect(lint('bk.arg("A", {required = true})').error?.message).toContain('"A" is required');
});
