import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitsFilter } from "../../src/suite/run-tests.ts";
import { inDirectory, writeFiles } from "../support/build.ts";
import { failuresOf, runTestFile } from "./run.ts";

const outcomes = (result: ReturnType<typeof runTestFile>) =>
  result.tests.map(({ path, outcome }) => `${path.join(" > ")}: ${outcome}`);

test("groups name their tests, and hooks run around each from the outside in", () =>
  inDirectory(async (directory) => {
    const result = runTestFile(
      directory,
      `before_each(function() print("outer before") end)
after_each(function() print("outer after") end)
describe("group", function()
  test("one", function() print("one") end)
  before_each(function() print("inner before") end)
  after_each(function() print("inner after") end)
  describe("deeper", function() test("two", function() error("no") end) end)
end)
test("three", function() print("three") end)`,
    );
    expect(outcomes(result)).toEqual(["group > one: passed", "group > deeper > two: failed", "three: passed"]);
    expect(result.tests.map(({ printed }) => printed)).toEqual([
      ["outer before", "inner before", "one", "inner after", "outer after"],
      ["outer before", "inner before", "inner after", "outer after"],
      ["outer before", "three", "outer after"],
    ]);
  }));

test("a hook that fails fails its test, which is not run", () =>
  inDirectory(async (directory) => {
    const result = runTestFile(
      directory,
      'before_each(function() error("no") end) test("a", function() print("ran") end)',
    );
    expect(failuresOf(result)).toEqual({ a: ["no"] });
    expect(result.tests[0]?.printed).toEqual([]);
  }));

const marked = `test("a", function() end)
test.only("b", function() end)
describe.skip("c", function() test("d", function() error("ran") end) end)
describe.only("e", function() test("f", function() end) test.skip("g", function() end) end)`;

test("skip and only choose tests; with CI=true only is a failure", () =>
  inDirectory(async (directory) => {
    expect(outcomes(runTestFile(directory, marked))).toEqual([
      ...["a: skipped", "b: passed", "c > d: skipped", "e > f: passed", "e > g: skipped"],
    ]);
    const inCi = runTestFile(directory, marked, { ci: true });
    expect(outcomes(inCi)).toEqual(["a: skipped", "b: failed", "c > d: skipped", "e > f: failed", "e > g: skipped"]);
    expect(inCi.tests[1]?.failures[0]).toMatchObject({
      message: "test.only keeps the other tests of the file from running",
      position: { line: 2 },
    });
  }));

describe("limits", () => {
  test("an endless test fails at its line, and those after it run", () =>
    inDirectory(async (directory) => {
      const text = `test("a", function() end)
test("endless", function()
  while true do pcall(error) end
end)
test("b", function() end)`;
      const result = runTestFile(directory, text, { time: 200 });
      expect(outcomes(result)).toEqual(["a: passed", "endless: failed", "b: passed"]);
      expect(result.tests[1]?.failures[0]).toMatchObject({
        message: "the script ran for more than 0.2 s",
        position: { line: 3 },
      });
    }));

  test("each test has the whole time, and an endless script ends the test that wants it", () =>
    inDirectory(async (directory) => {
      writeFileSync(join(directory, "build.lua"), "local a = 1\nwhile true do end");
      const busy = "local start = os.clock() while os.clock() - start < 0.12 do end";
      const text = `test("a", function() ${busy} end) test("b", function() ${busy} end)
test("script", function() pcall(test.script, "build.lua") end)
test("c", function() end)`;
      const result = runTestFile(directory, text, { time: 200 });
      expect(outcomes(result)).toEqual(["a: passed", "b: passed", "script: failed", "c: passed"]);
      expect(result.tests[2]?.failures[0]?.position).toMatchObject({ file: "build.lua", line: 2 });
    }));

  test("a file that is endless outside of tests is broken", () =>
    inDirectory(async (directory) => {
      const result = runTestFile(directory, 'test("a", function() end) while true do end', { time: 100 });
      expect(result.error?.message).toContain("ran for more than 0.1 s");
      expect(result.tests).toEqual([]);
    }));
});

describe("broken files", () => {
  test.each([
    ["local =", "<name> expected"],
    ["error('at once')", "at once"],
    ["bk.export(bk.scratch())", "a test file exports nothing"],
    ["bk.target('a', function() end)", "a test file has no targets"],
    ["expect(1):equals(2)", "the values differ"],
    ['expect("\\xff"):equals("\\u{ff}")', "the values differ"],
    ["expect(bk.scratch()):matches_snapshot()", "within a test"],
    ["io.open('/etc/passwd')", "io.open is not available"],
    ["test('a', function() end) test('a', function() end)", 'there is a test "a" already on some_test.lua:1'],
    ["tset('a', function() end)", "tset"],
    ["test.skp('a', function() end)", 'did you mean "skip"'],
  ])("%s", (text, message) =>
    inDirectory(async (directory) => {
      const { error, tests } = runTestFile(directory, text);
      expect(error?.message).toContain(message);
      expect(tests).toEqual([]);
    }),
  );

  test("tests do not nest", () =>
    inDirectory(async (directory) => {
      const result = runTestFile(directory, 'test("a", function() test("b", function() end) end)');
      expect(failuresOf(result)).toEqual({ a: ["test: test within a test: tests do not nest"] });
    }));
});

describe("snapshots", () => {
  const graph = (command: string) =>
    `test("graph", function() expect(bk.image("alpine"):run("${command}")):matches_snapshot() end)\n`;

  test("are written once, compared, and written anew with --update", () =>
    inDirectory(async (directory) => {
      const read = () => readFileSync(join(directory, "some_test.snap"), "utf8");
      expect(runTestFile(directory, graph("make")).snapshots).toMatchObject({ added: 1, updated: 0 });
      const first = read();
      expect(first).toContain("= graph 1\n  #1 Source docker-image://docker.io/library/alpine:latest\n");
      expect(first).not.toContain("some_test.lua:");
      // Lines of scripts do not count.
      expect(failuresOf(runTestFile(directory, `\n\n${graph("make")}`))).toEqual({ graph: [] });
      const changed = runTestFile(directory, graph("make all"));
      expect(changed.tests[0]?.failures[0]?.difference).toContainEqual({
        sign: "+",
        text: "#2 Exec /bin/sh -c make all",
      });
      expect(read()).toBe(first);
      expect(runTestFile(directory, graph("make all"), { update: true }).snapshots).toMatchObject({ updated: 1 });
      expect(read()).toBe(first.replace("-c make\n", "-c make all\n"));
    }));

  test("are not written with CI=true", () =>
    inDirectory(async (directory) => {
      const result = runTestFile(directory, graph("make"), { ci: true });
      expect(failuresOf(result).graph?.[0]).toContain('there is no snapshot "graph 1"');
    }));

  test("that no test asks for are told, and removed with --update", () =>
    inDirectory(async (directory) => {
      const two = `${graph("make")}test("text", function() expect("a\\n\\n  b"):matches_snapshot("it") end)`;
      expect(runTestFile(directory, two).snapshots.added).toBe(2);
      expect(failuresOf(runTestFile(directory, two))).toEqual({ graph: [], text: [] });
      expect(runTestFile(directory, graph("make")).snapshots.obsolete).toEqual(["text it"]);
      // A test that does not run may want its own.
      expect(runTestFile(directory, two, { filter: "graph" }).snapshots.obsolete).toEqual([]);
      expect(runTestFile(directory, two.replace('test("text"', 'test.skip("text"')).snapshots.obsolete).toEqual([]);
      expect(runTestFile(directory, graph("make"), { update: true }).snapshots.removed).toBe(1);
      expect(readFileSync(join(directory, "some_test.snap"), "utf8")).not.toContain("text it");
    }));
});

describe("fitsFilter", () => {
  test.each([
    ["build_test.lua > release > links", "RELEASE", true],
    ["build_test.lua > release > links", "build*links", true],
    ["build_test.lua > release > links", "links*build", false],
    ["a.b > c", "a?b", false],
    ["a(b", "(", true],
  ])("%s by %s: %p", (name, filter, fits) => {
    expect(fitsFilter(name, filter)).toBe(fits);
  });
});

test("a test that needs a daemon is skipped without one, whatever it does about it", () =>
  inDirectory(async (directory) => {
    const text = 'test("a", function() pcall(test.solve, bk.scratch()) expect(1):equals(2) end)';
    expect(runTestFile(directory, text).tests[0]).toMatchObject({ outcome: "skipped", reason: "needs --solve" });
    const inFails = 'test("a", function() expect(function() test.solve(bk.scratch()) end):fails() end)';
    expect(runTestFile(directory, inFails).tests[0]).toMatchObject({ outcome: "skipped" });
  }));

test("modules come from beside the test file and from the project's root", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, { "lib/make.lua": "return { name = 'make' }", "tests/near.lua": "return 'near'" });
    const text = `local make, near = require("lib.make"), require("near")
test("a", function() expect({make.name, near}):equals({"make", "near"}) end)
test("b", function() expect(function() require("../../secret") end):fails("is no module's name") end)`;
    writeFiles(directory, { "tests/x": "" });
    const result = runTestFile(join(directory, "tests"), text, { root: directory });
    expect([result.error?.message, failuresOf(result)]).toEqual([undefined, { a: [], b: [] }]);
  }));
