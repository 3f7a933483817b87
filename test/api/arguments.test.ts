import { describe, expect, test } from "bun:test";
import { errorOf, evaluate } from "./evaluate.ts";

function argumentOf(call: string, given: Readonly<Record<string, string>> = {}): string {
  const lines: string[] = [];
  const script = `local value = ${call}\nbk.log(math.type(value) or type(value), value)\nbk.export(bk.scratch())`;
  evaluate(script, { buildArguments: new Map(Object.entries(given)), log: (line) => lines.push(line) });
  return lines.join("\n");
}

describe("bk.arg", () => {
  test.each([
    ['bk.arg("A")', {}, "nil nil"],
    ['bk.arg("A")', { A: "x" }, "string x"],
    ['bk.arg("A", "d")', {}, "string d"],
    ['bk.arg("A", "d")', { A: "" }, "string "],
    ['bk.arg("A", 4)', {}, "integer 4"],
    ['bk.arg("A", 4)', { A: "8" }, "integer 8"],
    ['bk.arg("A", 4)', { A: "1.5" }, "float 1.5"],
    ['bk.arg("A", false)', { A: "true" }, "boolean true"],
    ['bk.arg("A", true)', { A: "0" }, "boolean false"],
    ['bk.arg("A", {type = "integer"})', { A: "7" }, "integer 7"],
    ['bk.arg("A", {values = {"a", "b"}, default = "a"})', { A: "b" }, "string b"],
    ['bk.arg("A", {values = {1, 2}})', { A: "2" }, "integer 2"],
    ['bk.arg("A", {required = true})', { A: "x" }, "string x"],
  ])("%s with %j is %s", (call, given, shown) => {
    expect(argumentOf(call, given)).toBe(shown);
  });

  test.each([
    ['bk.arg("A", 4)', "many", 'the build argument "A" is no number: "many"'],
    ['bk.arg("A", {type = "integer"})', "1.5", 'the build argument "A" is no integer: "1.5"'],
    ['bk.arg("A", false)', "maybe", 'the build argument "A" is no boolean: "maybe"'],
    [
      'bk.arg("A", {values = {"debug", "release"}})',
      "relase",
      'the build argument "A": expected one of "debug", "release", got "relase" (did you mean "release"?)',
    ],
  ])("%s refuses %s", (call, given, message) => {
    expect(errorOf(call, { buildArguments: new Map([["A", given]]) }).message).toBe(`bk.arg: ${message}`);
  });

  test("may be asked for twice in the same way", () => {
    const { evaluation } = evaluate('bk.arg("A", 1)\nbk.arg("A", 1)\nbk.export(bk.scratch())');
    expect(evaluation.arguments).toMatchObject([
      { name: "A", type: "number", default: 1, value: 1, location: { line: 1 } },
    ]);
  });

  test("that is missing is still known", () => {
    expect(errorOf('bk.arg("A", {required = true, values = {"x"}})').hint).toBe("--build-arg A=x");
  });
});

test("platforms are those of the build", () => {
  expect(argumentOf("bk.target_platform()")).toBe("userdata linux/arm64");
  expect(argumentOf("bk.build_platform()")).toBe("userdata linux/amd64");
});

test("equal platforms are equal", () => {
  expect(argumentOf('bk.target_platform() == bk.platform("linux", "aarch64")')).toBe("boolean true");
  expect(argumentOf("bk.target_platform() == bk.build_platform()")).toBe("boolean false");
});
