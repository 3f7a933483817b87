import { describe, expect, test } from "bun:test";
import { lintFound } from "../lint-found.ts";

describe("unused-argument", () => {
  test.each([
    ['local v = bk.arg("V", "1")', 1],
    ['bk.arg("V", "1")', 1],
    ['local a, v = 1, bk.arg("V", "1")\nbk.log(a)', 1],
    ['local v = bk.arg("V", "1")\nbk.log(v)', 0],
    ['local v = bk.arg("V", "1")\nlocal function f() return v end', 0],
    ['bk.log(bk.arg("V", "1"))', 0],
    ['local t = {v = bk.arg("V", "1")}', 0],
    ['bk.arg("V", {default = "1"})\nbk.log(bk.arg("V", {default = "1"}))', 0],
    ['bk.arg("V", "1")\nbk.log(os.getenv("V"))', 0],
  ])("%j", (script, count) => {
    expect(lintFound(script)).toEqual(Array.from({ length: count }, () => "unused-argument"));
  });
});

describe("undeclared-argument", () => {
  test.each([
    ['bk.log(os.getenv("V"))', 1],
    ['bk.log(os.getenv "V")\nbk.log(os.getenv("V"))', 1],
    ['bk.log(os.getenv("V"), bk.arg("V", "1"))', 0],
    ['bk.log(os.getenv("SOURCE_DATE_EPOCH"), os.getenv("HTTP_PROXY"))', 0],
    ['local s = "os.getenv(V)" -- os.getenv("V")\nbk.log(s)', 0],
  ])("%j", (script, count) => {
    expect(lintFound(script).filter((rule) => rule === "undeclared-argument").length).toBe(count);
  });

  test("a variable that the command line lets through is no argument", () => {
    const hostVariable = (name: string) => (name === "V" ? "1" : undefined);
    expect(lintFound('bk.log(os.getenv("V"))', { hostVariable })).toEqual([]);
  });
});

describe("unread-build-arg", () => {
  const buildArguments = new Map([["V", "1"]]);

  test.each([
    ["bk.log(1)", 1],
    ['bk.log(bk.arg("V", "1"))', 0],
    ['bk.log(os.getenv("V") or bk.arg("V", "1"))', 0],
    ['local name = "V"\nbk.log(bk.arg(name))', 0],
  ])("%j", (script, count) => {
    expect(lintFound(script, { buildArguments }).length).toBe(count);
  });

  test("what every build may be given is no mistake", () => {
    const names = ["BUILDKIT_SYNTAX", "SOURCE_DATE_EPOCH", "http_proxy", "NO_PROXY"];
    expect(lintFound("bk.log(1)", { buildArguments: new Map(names.map((name) => [name, "1"])) })).toEqual([]);
  });

  test("another target may read it", () => {
    const script = `bk.target("a", {default = true}, function() return bk.scratch() end)
      bk.target("b", function() bk.log(bk.arg("V", "1")) return bk.scratch() end)`;
    expect(lintFound(script, { buildArguments, target: "a" })).toEqual([]);
    expect(lintFound(script, { buildArguments: new Map([["W", "1"]]), target: "a" })).toEqual(["unread-build-arg"]);
  });
});
