import { expect, test } from "bun:test";
import type { Kind } from "../../src/lua/kind.ts";
import { boolean, bytes, integer, literal, number, text } from "../../src/lua/scalar.ts";
import { failure, reader, run } from "./support.ts";

function read(kind: Kind<unknown>, source: string): unknown {
  const seen: unknown[] = [];
  run(`f(${source})`, { functions: [reader([{ name: "value", kind }], seen)] });
  return seen[0];
}

function refuse(kind: Kind<unknown>, source: string): string {
  return failure(`f(${source})`, { functions: [reader([{ name: "value", kind }], [])] });
}

test("text is any valid UTF-8", () => {
  expect(read(text, '""')).toBe("");
  expect(read(text, '"a\\0b"')).toBe("a\0b");
  expect(read(text, '"grüße 🐳"')).toBe("grüße 🐳");
  expect(read(text, '("x"):rep(5000)')).toBe("x".repeat(5000));
  expect(read(text, '("é"):rep(5000)')).toBe("é".repeat(5000));
  expect(read(text, '"\\xef\\xbb\\xbfbom"')).toBe("\ufeffbom");
});

test("text that is not UTF-8 is refused", () => {
  const message = 'build.lua:1: f: argument "value": expected text, got a string that is not valid UTF-8';
  expect(refuse(text, '"\\xff"')).toBe(message);
  expect(refuse(text, '("x"):rep(2000) .. "\\xc3"')).toBe(message);
});

test("numbers are no text, and nothing is none", () => {
  expect(refuse(text, "1")).toBe('build.lua:1: f: argument "value": expected string, got number');
  expect(refuse(text, "")).toBe('build.lua:1: f: argument "value": expected string, got nil');
  expect(refuse(text, "{}")).toBe('build.lua:1: f: argument "value": expected string, got table');
  expect(refuse(text, "f")).toBe('build.lua:1: f: argument "value": expected string, got function');
});

test("bytes are what the string holds", () => {
  expect(read(bytes, '"\\0\\xff\\r\\n"')).toEqual(new Uint8Array([0, 255, 13, 10]));
  const all = new Uint8Array(256 * 300).map((_, index) => index % 256);
  const source =
    "(function() local t = {} for i = 0, 255 do t[#t + 1] = string.char(i) end return table.concat(t):rep(300) end)()";
  expect(read(bytes, source)).toEqual(all);
});

test("bytes stay what they were when memory grows later", () => {
  const seen: Uint8Array[] = [];
  const f = reader([{ name: "value", kind: bytes }], seen);
  run('f("first") local t = {} for i = 1, 40 do t[i] = ("x"):rep(1000000) end f("second")', { functions: [f] });
  expect(seen.map((data) => Buffer.from(data).toString())).toEqual(["first", "second"]);
});

test("integers are whole and within their range", () => {
  expect(read(integer(), "3")).toBe(3);
  expect(read(integer(), "3.0")).toBe(3);
  expect(read(integer(), "-9007199254740991")).toBe(Number.MIN_SAFE_INTEGER);
  expect(refuse(integer(), "3.5")).toEndWith('"value": expected integer, got 3.5');
  expect(refuse(integer(), "0/0")).toEndWith("expected integer, got NaN");
  expect(refuse(integer(), "math.maxinteger")).toEndWith("expected integer that fits 53 bits, got 9223372036854775807");
  expect(refuse(integer({ min: 0, max: 65535 }), "65536")).toEndWith("expected integer from 0 to 65535, got 65536");
  expect(refuse(integer({ min: 1 }), "0")).toEndWith("expected integer of at least 1, got 0");
  expect(refuse(integer({ max: 1 }), "2")).toEndWith("expected integer of at most 1, got 2");
  expect(refuse(integer({ min: 1 }), "1e20")).toEndWith(
    "expected integer from 1 to 9007199254740991, got 100000000000000000000",
  );
  expect(refuse(integer({ max: 1 }), "math.mininteger")).toEndWith(
    "expected integer from -9007199254740991 to 1, got -9223372036854775808",
  );
  expect(refuse(integer(), '"3"')).toEndWith("expected integer, got string");
});

test("numbers and booleans are not converted", () => {
  expect(read(number, "0.1")).toBe(0.1);
  expect(read(boolean, "true")).toBe(true);
  expect(read(boolean, "false")).toBe(false);
  expect(refuse(number, '"1"')).toEndWith("expected number, got string");
  expect(refuse(boolean, "nil")).toEndWith("expected boolean, got nil");
  expect(refuse(boolean, "1")).toEndWith("expected boolean, got number");
});

test("a literal is one of its words", () => {
  const kind = literal("shared", "private", "locked");
  expect(read(kind, '"locked"')).toBe("locked");
  expect(refuse(kind, '"lockd"')).toEndWith(
    'expected one of "shared", "private", "locked", got "lockd" (did you mean "locked"?)',
  );
  expect(refuse(kind, "true")).toEndWith('expected one of "shared", "private", "locked", got boolean');
  expect(kind.type).toBe('"shared"|"private"|"locked"');
});
