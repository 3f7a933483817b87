import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { optional } from "../../src/lua/compose.ts";
import { results } from "../../src/lua/function.ts";
import { text } from "../../src/lua/scalar.ts";
import { map } from "../../src/lua/table.ts";
import { define, fail, failure, run } from "./support.ts";

const base = { doc: "", example: "" };
const functions = [
  define({
    ...base,
    name: "bk.two",
    params: [
      { name: "first", kind: text },
      { name: "second", kind: optional(text) },
    ],
    run: (_call, first, second) => `${first}-${second ?? "none"}`,
  }),
  define({
    ...base,
    name: "bk.middle",
    params: [
      { name: "first", kind: text },
      { name: "second", kind: optional(map(text)), skippable: true },
      { name: "third", kind: text },
    ],
    run: (_call, first, second, third) => `${first}-${second?.size ?? "none"}-${third}`,
  }),
  define({ ...base, name: "bk.none", params: [], run: () => undefined }),
  define({ ...base, name: "bk.null", params: [], run: () => null }),
  define({ ...base, name: "bk.several", params: [], run: () => results(1, "two", [3]) }),
  define({
    ...base,
    name: "bk.data",
    params: [],
    run: () => ({
      list: [1, 2.5, null, true],
      map: new Map([["k", "v"]]),
      gone: undefined,
      bytes: new Uint8Array([0, 255]),
    }),
  }),
  define({ ...base, name: "bk.big", params: [], run: () => results(2n ** 62n, Number.MAX_SAFE_INTEGER, 1e300) }),
  define({
    ...base,
    name: "bk.refuse",
    params: [],
    run: () => {
      throw new LuakitError("llb.invalid", "the name is empty", { hint: "give it one" });
    },
  }),
  define({
    ...base,
    name: "bk.broken",
    params: [],
    run: () => {
      throw new TypeError("a bug");
    },
  }),
];
const options = { functions };

test("arguments that are left out are nil, and extra ones are refused", () => {
  expect(run('out(bk.two("a"), bk.two("a", "b"), bk.two("a", nil), bk.two("a", nil, nil))', options)).toEqual([
    "a-none a-b a-none a-none",
  ]);
  expect(failure('bk.two("a", "b", "c")', options)).toBe("build.lua:1: bk.two: expected at most 2 arguments, got 3");
  expect(failure("bk.none(1)", options)).toBe("build.lua:1: bk.none: expected no arguments, got 1");
  expect(failure("bk.two()", options)).toBe('build.lua:1: bk.two: argument "first": expected string, got nil');
});

test("an argument in the middle may be left out where the next one cannot be meant by it", () => {
  const calls =
    'out(bk.middle("a", {x = "1"}, "c"), bk.middle("a", nil, "c"), bk.middle("a", "c"), bk.middle("a", "c", nil))';
  expect(run(calls, options)).toEqual(["a-1-c a-none-c a-none-c a-none-c"]);
  const wrong = (args: string) => failure(`bk.middle(${args})`, options);
  expect(wrong('"a", true, "c"')).toContain('argument "second": expected table of string, got boolean');
  expect(wrong('"a", {}')).toContain('argument "third": expected string, got nil');
  expect(wrong('"a", "c", "d"')).toContain("expected at most");
});

test("results become Lua values", () => {
  expect(run("out(tostring(bk.null()), tostring(select('#', bk.none())))", options)).toEqual(["nil 0"]);
  expect(run("local a, b, c = bk.several() out(tostring(a), b, tostring(c[1]))", options)).toEqual(["1 two 3"]);
  expect(
    run("local d = bk.data() out(tostring(d.list[2]), tostring(d.list[3] == json.null), d.map.k)", options),
  ).toEqual(["2.5 true v"]);
  expect(run("out(tostring(bk.data().bytes == '\\0\\xff'), tostring(bk.data().gone))", options)).toEqual(["true nil"]);
  expect(run("local a, b, c = bk.big() out(tostring(a), tostring(b), tostring(c))", options)).toEqual([
    "4611686018427387904 9007199254740991 1e+300",
  ]);
});

test("what a handler throws is an error of the script at the call, with its hint", () => {
  const error = fail("local x = 1\nbk.refuse()", options);
  expect(error.message).toBe("bk.refuse: the name is empty");
  expect(error.hint).toBe("give it one");
  expect(error.code).toBe("llb.invalid");
  expect(error.position).toEqual({ file: "build.lua", line: 2, source: "local x = 1\nbk.refuse()" });
});

test("a script can catch it as text", () => {
  expect(run("local ok, message = pcall(bk.refuse) out(tostring(ok), message)", options)).toEqual([
    "false build.lua:1: bk.refuse: the name is empty",
  ]);
});

test("an error that was caught and raised again keeps its hint", () => {
  for (const raise of ["error(message, 0)", "error(message)", "error('while building: ' .. message, 0)"]) {
    const error = fail(`local ok, message = pcall(bk.refuse)\n${raise}`, options);
    expect(error.hint).toBe("give it one");
    expect(error.position?.line).toBe(1);
  }
});

test("a bug of ours is no error of the script, and no pcall hides it", () => {
  expect(() => run("pcall(bk.broken)", options)).toThrow(TypeError);
});

test("the functions of a table are all there for pairs", () => {
  const source =
    "local t = {} bk.none() for k in pairs(bk) do t[#t + 1] = k end table.sort(t) out(table.concat(t, ' '))";
  expect(run(source, options)).toEqual(["big broken data middle none null refuse several two"]);
  expect(run("out(tostring(bk.two == bk.two), tostring(bk.two ~= bk.none))", options)).toEqual(["true true"]);
});
