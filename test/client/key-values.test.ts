import { expect, test } from "bun:test";
import { buildArgumentsOf, checkChoice, parseFrontendOptions, parseLabels } from "../../src/client/key-values.ts";
import { complaintOf, plain } from "./flags.ts";

const variables = { HOST: "h", EMPTY: "" };

const options = (options: readonly string[], buildArgs: readonly string[] = [], more = {}) =>
  plain(parseFrontendOptions({ options, buildArgs }, { ...variables, ...more }));

test.each([
  [["a=1"], [], { a: "1" }],
  [["a=1=2", "b="], [], { a: "1=2", b: "" }],
  [["a=1", "a=2"], [], { a: "2" }],
  [["build-arg:A=1", "build-arg:HOST", "build-arg:NONE"], [], { "build-arg:A": "1", "build-arg:HOST": "h" }],
  [["HOST", "NONE"], [], { HOST: "h" }],
  [
    [],
    ["A=1", "HOST", "EMPTY", "NONE", "B="],
    { "build-arg:A": "1", "build-arg:HOST": "h", "build-arg:EMPTY": "", "build-arg:B": "" },
  ],
  [["build-arg:A=1"], ["A=2", "build-arg:C=3"], { "build-arg:A": "2", "build-arg:C": "3" }],
  [
    ["target=x", "label:a=b", "context:base=docker-image://x"],
    [],
    { target: "x", "label:a": "b", "context:base": "docker-image://x" },
  ],
])("--opt %j --build-arg %j", (opts, args, wanted) => {
  expect<unknown>(options(opts, args)).toEqual(wanted);
});

test("SOURCE_DATE_EPOCH of the host is a build argument, unless one is given", () => {
  const epoch = { SOURCE_DATE_EPOCH: "7" };
  expect(options([], [], epoch)).toEqual({ "build-arg:SOURCE_DATE_EPOCH": "7" });
  expect(options([], ["SOURCE_DATE_EPOCH=8"], epoch)).toEqual({ "build-arg:SOURCE_DATE_EPOCH": "8" });
  expect(options(["build-arg:SOURCE_DATE_EPOCH="], [], epoch)).toEqual({ "build-arg:SOURCE_DATE_EPOCH": "" });
  expect(options([], [], { SOURCE_DATE_EPOCH: "" })).toEqual({});
});

test.each(["now", "1.5", "+", "2020-01-01", "9".repeat(19), "253402300800"])(
  "an epoch %j is refused, which a daemon would ignore",
  (value) => {
    for (const read of [
      () => options([], [`SOURCE_DATE_EPOCH=${value}`]),
      () => options([], [], { SOURCE_DATE_EPOCH: value }),
    ]) {
      expect(complaintOf(read)).toContain("is not a number of seconds since 1970-01-01");
    }
  },
);

test("a name is needed", () => {
  expect(complaintOf(() => options(["=1"]))).toBe('--opt: "=1" is not NAME=VALUE');
  expect(complaintOf(() => options([], ["=1"]))).toBe('--build-arg: "=1" is not NAME=VALUE');
  expect(complaintOf(() => options(["build-arg:=1"]))).toContain("there is no name after build-arg:");
  expect(complaintOf(() => parseLabels(["=1"]))).toBe('--label: "=1" is not NAME=VALUE');
});

test("labels", () => {
  expect(plain(parseLabels(["a=1", "b", "c=x=y", "a=2", "d="]))).toEqual({ a: "2", b: "", c: "x=y", d: "" });
});

test("build arguments are found among options", () => {
  const all = parseFrontendOptions({ options: ["x=1"], buildArgs: ["A=2"] }, {});
  expect(plain(buildArgumentsOf(all))).toEqual({ A: "2" });
});

test("a choice that is not known suggests one", () => {
  expect(complaintOf(() => checkChoice("--progress", "plian", ["auto", "plain"]))).toBe(
    '--progress: "plian" is not known (did you mean "plain"?)',
  );
});
