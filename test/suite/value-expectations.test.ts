import { expect, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { runTestFile } from "./run.ts";

/** What is wrong when a value is compared with another one; undefined when nothing is. */
const compare = (values: string, check: string) =>
  inDirectory(async (directory) => {
    const { tests, error } = runTestFile(directory, `${values}\ntest("it", function()\n  ${check}\nend)\n`);
    if (error !== undefined) throw new Error(error.message);
    const [failure] = tests.flatMap(({ failures }) => failures);
    return (
      failure && { message: failure.message, difference: failure.difference?.map(({ sign, text }) => sign + text) }
    );
  });

const values = "local function f() end\nlocal function g() end local h = function() end";

test.each([
  "expect(f):equals(f)",
  "expect(f):not_equals(g)",
  "expect(print):equals(print)",
  "expect(string.len):not_equals(string.rep)",
  "expect({a = {f}, b = g}):equals({a = {f}, b = g})",
  "expect({f, g}):contains(g)",
  "expect(f):not_equals(1)",
  "expect(1):not_equals(f)",
])("one and the same function is equal to itself, and to nothing else: %s", async (check) => {
  expect(await compare(values, check)).toBeUndefined();
});

test("functions that differ are told by their place", async () => {
  expect(await compare(values, "expect(g):equals(f)")).toEqual({
    message: "expect:equals: the values differ",
    difference: ["-a function of some_test.lua:1", "+a function of some_test.lua:2"],
  });
  expect(await compare(values, "expect(f):not_equals(f)")).toMatchObject({
    message: "expect:not_equals: it is a function of some_test.lua:1, and should not be",
  });
});

test.each(["expect(g):equals(h)", "expect({string.len}):equals({string.rep})"])(
  "where they have none that differs, no difference is shown: %s",
  async (check) => {
    expect(await compare(values, check)).toEqual({
      message: "expect:equals: the values hold different functions, which look alike",
      difference: undefined,
    });
  },
);
