import { filled } from "../api/kinds/text.ts";
import { callback, callbackOf } from "../lua/callback.ts";
import { define } from "./define.ts";
import type { TestMode } from "./session.ts";

const name = { name: "name", kind: filled, doc: "What is tested; the names of the groups stand before it." } as const;
const body = { name: "body", kind: callbackOf("fun()"), doc: "The test. It fails with the first error." } as const;
const group = { name: "body", kind: callbackOf("fun()"), doc: "Declares the tests of the group." } as const;

const sample = 'expect(bk.image("alpine"):run("make")):has_exec("make")';

function testFunction(suffix: string, mode: TestMode, doc: string) {
  return define({
    name: `test${suffix}`,
    doc,
    params: [name, body],
    example: `test${suffix}("runs make", function()\n  ${sample}\nend)`,
    run: (call, given, run) => call.session.declare(given, mode, run, call.position()),
  });
}

function describeFunction(suffix: string, mode: TestMode, doc: string) {
  return define({
    name: `describe${suffix}`,
    doc,
    params: [name, group],
    example: `describe${suffix}("the builder", function()\n  test("runs make", function()\n    ${sample}\n  end)\nend)`,
    run: (call, given, run) => call.session.group(given, mode, run),
  });
}

function hookFunction(when: "before" | "after", doc: string) {
  return define({
    name: `${when}_each`,
    doc,
    params: [{ name: "body", kind: callback, doc: "What to run." }],
    example: `local state\n${when}_each(function()\n  state = bk.image("alpine"):run("make")\nend)\ntest("is a State", function()\n  expect(state):equals(state)\nend)`,
    run: (call, run) => call.session.hook(when, run),
  });
}

export const declareFunctions = [
  testFunction("", "run", "Declares a test. Tests run in the order of the file, each after the file has been read."),
  testFunction(".skip", "skip", "Declares a test that is not run, and is counted as skipped."),
  testFunction(
    ".only",
    "only",
    "Declares a test; of its file only those run. With `CI=true` it fails, as it is for work in progress.",
  ),
  describeFunction("", "run", "Groups tests under a name. Groups nest."),
  describeFunction(".skip", "skip", "Groups tests that are not run."),
  describeFunction(".only", "only", "Groups tests; of the file only those run."),
  hookFunction(
    "before",
    "Runs a function before each test of the group, or of the file. Those of outer groups run first.",
  ),
  hookFunction("after", "Runs a function after each test of the group, or of the file, also of one that failed."),
];
