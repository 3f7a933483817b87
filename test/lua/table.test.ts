import { expect, test } from "bun:test";
import { oneOf } from "../../src/lua/compose.ts";
import type { Kind } from "../../src/lua/kind.ts";
import { boolean, integer, text } from "../../src/lua/scalar.ts";
import { compareBytes, list, map, options } from "../../src/lua/table.ts";
import { fail, failure, reader, run } from "./support.ts";

function read(kind: Kind<unknown>, source: string): unknown {
  const seen: unknown[] = [];
  run(`f(${source})`, { functions: [reader([{ name: "value", kind }], seen)] });
  return seen[0];
}

function refuse(kind: Kind<unknown>, source: string): string {
  return failure(`f(${source})`, { functions: [reader([{ name: "value", kind }], [])] }).replace(
    "build.lua:1: f: ",
    "",
  );
}

test("a list is read in order, however it was built", () => {
  expect(read(list(text), "{}")).toEqual([]);
  expect(read(list(text), '{"a", "b", "c"}')).toEqual(["a", "b", "c"]);
  expect(read(list(text), '{[3] = "c", [1] = "a", [2] = "b"}')).toEqual(["a", "b", "c"]);
  const built = "(function() local t = {} for i = 100, 1, -1 do t[i] = i end return t end)()";
  expect(read(list(integer()), built)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});

test("a list has no holes and no other keys", () => {
  expect(refuse(list(text), '{"a", nil, "c"}')).toBe(
    'argument "value": expected list of string, got one with a hole at 2',
  );
  expect(refuse(list(text), '{"a", x = "b"}')).toBe(
    'argument "value": expected list of string, got a table with the key "x"',
  );
  expect(refuse(list(text), '{[0] = "a"}')).toEndWith("got a table with the key 0");
  expect(refuse(list(text), '{[1.5] = "a"}')).toEndWith("got a table with the key 1.5");
  expect(refuse(list(text), '{"a", 2}')).toBe('argument "value": item 2: expected string, got number');
  expect(refuse(list(text, { min: 1 }), "{}")).toBe('argument "value": expected at least 1 item, got 0');
  expect(refuse(list(text), '"a"')).toBe('argument "value": expected list of string, got string');
});

test("a map comes in the order of its keys' bytes", () => {
  const value = read(map(text), '{b = "2", a = "1", ["ß"] = "4", B = "0", ["\u{1f433}"] = "6", ["\uffff"] = "5"}');
  expect([...(value as Map<string, string>).keys()]).toEqual(["B", "a", "b", "ß", "\uffff", "\u{1f433}"]);
});

test("a map has text keys", () => {
  expect(refuse(map(text), '{"a"}')).toBe('argument "value": expected text keys, got 1');
  expect(refuse(map(text), "{[true] = 'a'}")).toBe('argument "value": expected text keys, got true');
  expect(refuse(map(text), "{A = 1}")).toBe('argument "value": key "A": expected string, got number');
});

test("strings compare as their UTF-8 bytes do", () => {
  const words = ["", "a", "ab", "b", "\u007f", "\u0080", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"];
  for (const left of words) {
    for (const right of words) {
      expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }
  }
});

const runOptions = options({
  cwd: { kind: text, doc: "" },
  env: { kind: oneOf(map(text), list(text)), doc: "" },
  no_cache: { kind: boolean, doc: "" },
  mounts: { kind: list(options({ dest: { kind: text, doc: "", required: true } })), doc: "" },
});

test("options are read by name", () => {
  expect(read(runOptions, "{}")).toEqual({});
  expect(read(runOptions, '{cwd = "/x", env = {A = "1"}, no_cache = false}')).toEqual({
    cwd: "/x",
    env: new Map([["A", "1"]]),
    no_cache: false,
  });
  expect(read(runOptions, '{env = {"A=1"}}')).toEqual({ env: ["A=1"] });
});

test("an unknown option is answered with the nearest name", () => {
  expect(refuse(runOptions, '{evn = "x"}')).toBe('unknown option "evn" (did you mean "env"?)');
  expect(refuse(runOptions, '{nonsense = "x"}')).toBe('unknown option "nonsense"');
  expect(refuse(runOptions, '{__proto__ = "x"}')).toBe('unknown option "__proto__"');
  expect(refuse(runOptions, '{constructor = "x"}')).toBe('unknown option "constructor"');
  expect(fail("f({evn = 1})", { functions: [reader([{ name: "value", kind: runOptions }], [])] }).code).toBe(
    "script.option",
  );
});

test("a wrong option says where it is wrong", () => {
  expect(refuse(runOptions, "{cwd = 1}")).toBe('option "cwd": expected string, got number');
  expect(refuse(runOptions, '{env = "A=1"}')).toBe(
    'option "env": expected table of string or list of string, got string',
  );
  expect(refuse(runOptions, "{env = {A = 1}}")).toBe('option "env": key "A": expected string, got number');
  expect(refuse(runOptions, "{env = {1}}")).toBe('option "env": item 1: expected string, got number');
  expect(refuse(runOptions, "{mounts = {{}}}")).toBe('option "mounts": item 1: option "dest" is required');
  expect(refuse(runOptions, "{mounts = {{dst = 1}}}")).toBe(
    'option "mounts": item 1: unknown option "dst" (did you mean "dest"?)',
  );
});

test("options are given by name only", () => {
  expect(refuse(runOptions, '{"/x"}')).toBe('expected options by name, got "/x" at position 1');
  expect(refuse(runOptions, '{cwd = "/", [true] = 1}')).toBe("expected options by name, got 1 at position true");
  expect(refuse(runOptions, '"x"')).toBe('argument "value": expected options table, got string');
});
