import { expect, test } from "bun:test";
import { removedFunctions, renderLanguage } from "../../../src/api/stub/language.ts";
import { errorOf, evaluate } from "../evaluate.ts";

const removed = Object.entries(removedFunctions).flatMap(([library, names]) =>
  names.map((name) => (library === "" ? name : `${library}.${name}`)),
);

test.each(removed)("%s is struck out, and refused in scripts", (name) => {
  expect(renderLanguage()).toContain(`---@deprecated\nfunction ${name}(...) end`);
  expect(errorOf(`${name}("x")`).message).toContain(`${name} is not available in build scripts`);
});

const declared = [
  ...renderLanguage().matchAll(/(?<!---@deprecated\n)^(?:function )?((?:os\.)?\w+)(?:\(| = \w+\.)/gm),
].map(([, name = ""]) => name);

test("what is declared is there", () => {
  expect(declared.sort()).toEqual(["loadstring", "os.clock", "os.date", "os.getenv", "os.time", "unpack"]);
  const checks = declared.map((name) => `assert(type(${name}) == "function")`);
  evaluate(`${checks.join("\n")}\nbk.export(bk.scratch())`);
});
