import { expect, test } from "bun:test";
import { formatLintGithub } from "../../src/cli/lint-github.ts";
import { verdicts } from "./verdicts.ts";

test("an annotation is one line, with its file as seen from the working directory", () => {
  expect(formatLintGithub(verdicts).split("\n")).toEqual([
    '::warning file=ci files/build.lua,line=2,col=8,endColumn=12,title=sudo::the step uses "sudo"%0Ahint: leave it out',
    "::notice file=ci files/lib/a.lua,line=1,col=4,endColumn=10,title=git-clone::100%25, really%0Aso",
    "::error file=other.lua,line=1,col=1,endColumn=14,title=script.runtime::here",
    "",
  ]);
});

test("what separates properties is escaped in them", () => {
  const [verdict] = verdicts;
  const given = verdict === undefined ? [] : [{ ...verdict, script: "a,b:c/build.lua" }];
  expect(formatLintGithub(given)).toContain("file=a%2Cb%3Ac/build.lua,");
});
