import { filled } from "../api/kinds/text.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { oneOf, optional } from "../lua/compose.ts";
import { integer, text } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { holds, isEqual, partOf, withFound } from "./compare.ts";
import { define, type TestFunction } from "./define.ts";
import { compareTexts, unmet } from "./difference.ts";
import { type Expectation, expectationHandle } from "./handles.ts";
import { type FindPattern, type Pattern, pattern } from "./pattern.ts";
import { showLine, showLong, showValue } from "./show.ts";
import { buildOf, graphText, stateOf, subjectOf } from "./subject.ts";
import { anyValue, isFunction, isMap, type Value } from "./value.ts";

const returns = { type: "Expectation", handle: expectationHandle };

const expectFunction = define({
  name: "expect",
  doc: "Begins a check: `expect(value):equals(other)`. States and Builds can be asked for what their graph has.",
  params: [{ name: "value", kind: optional(anyValue), doc: "Any value; a function for `fails`." }],
  returns,
  example: 'test("one and one", function()\n  expect(1 + 1):equals(2)\nend)',
  run: (_, value): Expectation => ({ value: value ?? null }),
});

const sample = (name: string, line: string) => `test("${name}", function()\n  ${line}\nend)`;
const given = { name: "expected", kind: optional(anyValue), doc: "What it is compared with." } as const;

const equals = define({
  name: "expect:equals",
  doc: "The values are the same: tables by what they hold, States and Builds by what they build, functions by which one it is. A Pattern is the same as every text in which it is found.",
  self: expectationHandle,
  params: [given],
  returns,
  example: sample("equals", 'expect({name = "app", ports = {80}}):equals({name = "app", ports = {80}})'),
  run: (call, expected = null) => {
    const { value } = call.self;
    if (hasGraph(value) && hasGraph(expected)) return sameGraphs(call.self, expected);
    const { find } = call.session.host;
    if (isEqual(expected, value, find)) return call.self;
    throw different(expected, value, find);
  },
});

const notEquals = define({
  name: "expect:not_equals",
  doc: "The values are not the same.",
  self: expectationHandle,
  params: [given],
  returns,
  example: sample("not_equals", 'expect("1"):not_equals(1)'),
  run: (call, expected = null) => {
    const { value } = call.self;
    const same =
      hasGraph(value) && hasGraph(expected)
        ? textOf(value) === textOf(expected)
        : isEqual(expected, value, call.session.host.find);
    if (!same) return call.self;
    throw unmet(hasGraph(value) ? "both build the same" : `it is ${showValue(value)}, and should not be`);
  },
});

function hasGraph(value: Value): boolean {
  return stateOf(value) !== undefined || buildOf(value) !== undefined;
}

function textOf(value: Value): string {
  return graphText(subjectOf({ value }));
}

function sameGraphs(actual: Expectation, expected: Value): Expectation {
  const [left, right] = [textOf(expected), textOf(actual.value)];
  if (left === right) return actual;
  throw unmet("the two build different things", compareTexts(left, right));
}

function different(expected: Value, actual: Value, find: FindPattern): LuakitError {
  if (typeof expected === "string" && typeof actual === "string" && `${expected}${actual}`.includes("\n")) {
    return unmet("the texts differ", compareTexts(expected, actual));
  }
  const [wanted, there] = [showLong(withFound(expected, actual, find)), showLong(actual)];
  // Functions of one line, or of Lua itself.
  if (wanted === there) return unmet("the values hold different functions, which look alike");
  return unmet("the values differ", compareTexts(wanted, there));
}

const contains = define({
  name: "expect:contains",
  doc: "A text holds another text, a list holds an item (or each of a list of items), a table holds these keys with these values, among others.",
  self: expectationHandle,
  params: [{ ...given, doc: "What it holds." }],
  returns,
  example: sample("contains", "expect({a = 1, b = {c = 2, d = 3}}):contains({b = {c = 2}})"),
  run: (call, expected = null) => {
    const { value } = call.self;
    const { find } = call.session.host;
    if (holds(expected, value, find)) return call.self;
    if (!isMap(expected) || !isMap(value)) throw unmet(`${showValue(value)} does not hold ${showLine(expected)}`);
    const wanted = showLong(withFound(expected, value, find));
    throw unmet("the table does not hold what is expected", compareTexts(wanted, showLong(partOf(value, expected))));
  },
});

const notContains = define({
  name: "expect:not_contains",
  doc: "It does not hold this: the opposite of `contains`.",
  self: expectationHandle,
  params: [{ ...given, doc: "What it must not hold." }],
  returns,
  example: sample("not_contains", 'expect("make all"):not_contains("install")'),
  run: (call, expected = null) => {
    if (!holds(expected, call.self.value, call.session.host.find)) return call.self;
    throw unmet(`${showValue(call.self.value)} holds ${showLine(expected)}, and should not`);
  },
});

const matchesFunctions = [false, true].map((isNegative) =>
  define({
    name: isNegative ? "expect:not_matches" : "expect:matches",
    doc: isNegative ? "A Lua pattern is not found in the text." : "A Lua pattern is found in the text.",
    self: expectationHandle,
    params: [{ name: "pattern", kind: filled, doc: "As `string.find` takes it." }],
    returns,
    example: isNegative
      ? sample("not_matches", 'expect("v1.2"):not_matches("beta")')
      : sample("matches", 'expect("v1.2"):matches("^v%d+%.%d+$")'),
    run: (call, wanted) => {
      const { value } = call.self;
      if (typeof value !== "string") throw unmet(`it is no text, but ${showValue(value)}`);
      if (call.session.host.find(value, wanted) !== isNegative) return call.self;
      throw unmet(`the pattern "${wanted}" is ${isNegative ? "" : "not "}found in ${showLine(value)}`);
    },
  }),
);

const message = {
  name: "message",
  kind: optional(oneOf(text, pattern)),
  skippable: true,
  doc: "Text that the message holds, or a Pattern.",
} as const;
const placeOptions = options(
  {
    line: { kind: integer({ min: 1 }), doc: "The line that it is about." },
    file: { kind: filled, doc: "The file, as messages name it." },
  },
  { type: "PlaceOptions" },
);
const place = { name: "opts", kind: optional(placeOptions), doc: "Where it is." } as const;

const fails = define({
  name: "expect:fails",
  doc: "The function ends with an error. A test that is over its time is no such error.",
  self: expectationHandle,
  params: [message, place],
  returns,
  example: sample(
    "fails",
    'expect(function()\n    test.script("build.lua", {target = "relaese"})\n  end):fails(\'did you mean "release"\')',
  ),
  run: (call, wanted, at = {}) => {
    const { value } = call.self;
    if (!isFunction(value)) {
      throw new LuakitError("script.argument", "expected a function in expect(…)", {
        hint: "expect(function() … end):fails()",
      });
    }
    const error = value.call.attempt([]);
    const skipped = call.session.running?.skipped;
    if (error !== undefined && skipped !== undefined) throw error;
    if (error === undefined) throw unmet("the function ended without an error");
    if (!isText(wanted, error.message, call.session.host.find)) {
      throw unmet("the function failed with another error", compareTexts(textIn(wanted), error.message));
    }
    const { line, file } = error.position ?? {};
    if ((at.line !== undefined && at.line !== line) || (at.file !== undefined && at.file !== file)) {
      throw unmet(
        `the error "${error.message}" is at another place`,
        compareTexts(placeText(at.file ?? file, at.line ?? line), placeText(file, line)),
      );
    }
    return call.self;
  },
});

function isText(wanted: string | Pattern | undefined, there: string, find: FindPattern): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? there.includes(wanted) : find(there, wanted.text);
}

function textIn(wanted: string | Pattern | undefined): string {
  return typeof wanted === "string" ? wanted : `pattern ${wanted?.text ?? ""}`;
}

function placeText(file: string | undefined, line: number | undefined): string {
  return `${file ?? "?"}:${line ?? "?"}`;
}

const hasWarning = define({
  name: "expect:has_warning",
  doc: "The script warned of this.",
  self: expectationHandle,
  params: [message, place],
  returns,
  example:
    'test("has_warning", function()\n  local build = test.script("build.lua", {args = {DEBUG = 1}})\n  expect(build):has_warning("slow", {line = 3})\nend)',
  run: (call, wanted, at = {}) => {
    const warnings = warningsIn(call.self);
    const { find } = call.session.host;
    const found = warnings.some(
      (each) =>
        isText(wanted, each.message, find) &&
        (at.line ?? each.position?.line) === each.position?.line &&
        (at.file ?? each.position?.file) === each.position?.file,
    );
    if (found) return call.self;
    const there = warnings.map((each) => `${placeText(each.position?.file, each.position?.line)}: ${each.message}`);
    throw unmet(
      there.length === 0
        ? "the script warned of nothing"
        : `the script warned of other things:\n  ${there.join("\n  ")}`,
    );
  },
});

const hasNoWarning = define({
  name: "expect:has_no_warning",
  doc: "The script warned of nothing, or not of this.",
  self: expectationHandle,
  params: [message],
  returns,
  example: 'test("has_no_warning", function()\n  expect(test.script("build.lua")):has_no_warning()\nend)',
  run: (call, wanted) => {
    const found = warningsIn(call.self).find((each) => isText(wanted, each.message, call.session.host.find));
    if (found === undefined) return call.self;
    throw unmet(`the script warned: ${placeText(found.position?.file, found.position?.line)}: ${found.message}`);
  },
});

function warningsIn({ value }: Expectation): readonly LuakitError[] {
  const build = buildOf(value);
  if (build !== undefined) return build.evaluated.warnings;
  throw new LuakitError("script.argument", `expected a Build in expect(…), got ${showLine(value)}`);
}

const matchesSnapshot = define({
  name: "expect:matches_snapshot",
  doc: "The graph of a State or Build, or a value, is what it was when the snapshot was written: in the file of that name with `.snap` beside the test file. A snapshot that is missing is written, but with `CI=true` the test fails; `--update` writes it anew. Lines of scripts are not part of it.",
  self: expectationHandle,
  params: [
    { name: "name", kind: optional(filled), doc: "Tells several snapshots of a test apart. Default: their number." },
  ],
  returns,
  example: sample("matches_snapshot", 'expect(bk.image("alpine"):run("make")):matches_snapshot()'),
  run: (call, name) => {
    const running = call.session.current("matches_snapshot");
    const { value } = call.self;
    running.snapshots += name === undefined ? 1 : 0;
    const key = `${running.name} ${name ?? running.snapshots}`;
    const there = hasGraph(value) ? textOf(value) : typeof value === "string" ? value : showLong(value);
    const expected = call.session.host.snapshots.check(running.name, key, there);
    if (expected === undefined) return call.self;
    if (expected === "missing") {
      throw unmet(
        `there is no snapshot "${key}", and none is written with CI=true`,
        undefined,
        "run luakit test here and commit the .snap file",
      );
    }
    throw unmet(
      `it is not as in the snapshot "${key}"`,
      compareTexts(expected.text, there),
      "luakit test --update writes it anew",
    );
  },
});

export const valueExpectations: readonly TestFunction[] = [
  expectFunction,
  equals,
  notEquals,
  contains,
  notContains,
  ...matchesFunctions,
  fails,
  hasWarning,
  hasNoWarning,
  matchesSnapshot,
];
