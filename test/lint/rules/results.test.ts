import { expect, test } from "bun:test";
import { lintFindings, lintFound } from "../lint-found.ts";

const target = (name: string, options = "{default = true}") =>
  `bk.target("${name}", ${options}, function() return bk.scratch() end)\n`;

test("a target that depends on a condition can be reached", () => {
  expect(lintFound(`${target("a")}if bk.arg("B", false) then ${target("b", "{}")} end`)).toEqual([]);
  expect(lintFound(`${target("a")}local function f() ${target("b", "{}")} end\nbk.log(f)`)).toEqual([
    "unreachable-target",
  ]);
  expect(lintFound(`for _, n in ipairs({"a"}) do bk.target(n, function() return bk.scratch() end) end`)).toEqual([]);
});

test("one target needs no default, nor do several beside an export", () => {
  expect(lintFound(target("a", "{}"))).toEqual([]);
  expect(lintFound(`${target("a", "{}")}${target("b", "{}")}`)).toEqual(["no-default-target"]);
  expect(lintFound(`${target("a", "{}")}${target("b", "{}")}bk.export(bk.scratch())`)).toEqual([]);
});

test("targets that differ in case are told at the second one", () => {
  expect(lintFindings(`${target("a")}${target("A", "{}")}`)).toMatchObject([
    { rule: "similar-targets", problem: { position: { line: 2 } } },
  ]);
});

test("text as entrypoint or command is found in exports and targets, once for all platforms", () => {
  const config = '{entrypoint = "a b", cmd = "c"}';
  expect(lintFound(`bk.export(bk.image("a:1"), ${config})`)).toEqual([
    "shell-form-entrypoint",
    "shell-form-entrypoint",
  ]);
  const both = '{["linux/amd64"] = bk.image("a:1"), ["linux/arm64"] = bk.image("a:1")}';
  expect(lintFound(`bk.export(${both}, {cmd = "c"})`)).toEqual(["shell-form-entrypoint"]);
  expect(lintFound('bk.target("t", function() return bk.image("a:1"), {cmd = "c"} end)')).toEqual([
    "shell-form-entrypoint",
  ]);
  expect(lintFound('bk.export(bk.image("a:1"), {cmd = "c", shell = {"/bin/bash", "-c"}})')).toEqual([]);
});

test.each([
  ["nobody", 0],
  ["1000:1000", 0],
  ["root", 1],
  ["0:0", 1],
  ["rooter", 0],
])("the user %s is root %d times", (user, count) => {
  const script = `bk.export(bk.image("a:1"), {user = "${user}"})`;
  expect(lintFound(script, { enabled: new Set(["root-user"]) }).length).toBe(count);
  expect(lintFound(script)).toEqual([]);
});
