import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { oneOf, optional, refine } from "../../src/lua/compose.ts";
import type { Kind } from "../../src/lua/kind.ts";
import { boolean, literal, number, text } from "../../src/lua/scalar.ts";
import { list, map, options } from "../../src/lua/table.ts";
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

const seconds = refine(oneOf(text, number), { type: "string|number", expected: "duration" }, (value) => {
  if (typeof value === "number") return value;
  if (/^\d+s$/.test(value)) return Number.parseInt(value, 10);
  throw new LuakitError("script.option", `"${value}" is no duration`, { hint: 'write "30s"' });
});

test("optional takes nil and nothing", () => {
  expect(read(optional(text), "")).toBeUndefined();
  expect(read(optional(text), "nil")).toBeUndefined();
  expect(read(optional(text), '"x"')).toBe("x");
  expect(refuse(optional(text), "1")).toBe('argument "value": expected string, got number');
  expect(optional(text).type).toBe("string?");
  expect(optional(oneOf(text, boolean)).type).toBe("(string|boolean)?");
});

test("oneOf takes the alternative that fits", () => {
  const kind = oneOf(text, list(text), options({ id: { kind: text, doc: "" } }));
  expect(read(kind, '"x"')).toBe("x");
  expect(read(kind, '{"x"}')).toEqual(["x"]);
  expect(read(kind, '{id = "x"}')).toEqual({ id: "x" });
  expect(refuse(kind, "true")).toBe('argument "value": expected string, list of string or options table, got boolean');
  expect(refuse(kind, "{id = 1}")).toBe('option "id": expected string, got number');
  expect(refuse(kind, "{1}")).toBe('argument "value": item 1: expected string, got number');
});

test("oneOf tells a literal's near miss when no other alternative is a string", () => {
  expect(refuse(oneOf(literal("on", "off"), boolean), '"onn"')).toBe(
    'argument "value": expected one of "on", "off", got "onn" (did you mean "on"?)',
  );
});

test("oneOf leaves nothing on the stack when an alternative fails late", () => {
  const kind = oneOf(map(text), map(number));
  expect(read(kind, "{a = 1, b = 2, c = 3}")).toEqual(
    new Map([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]),
  );
});

test("refine parses, and its errors keep their hint and get their place", () => {
  expect(read(seconds, '"30s"')).toBe(30);
  expect(read(seconds, "5")).toBe(5);
  expect(refuse(seconds, "{}")).toBe('argument "value": expected duration, got table');
  const error = fail("\nf({timeout = 'soon'})", {
    functions: [reader([{ name: "value", kind: options({ timeout: { kind: seconds, doc: "" } }) }], [])],
  });
  expect(error.message).toBe('f: option "timeout": "soon" is no duration');
  expect(error.hint).toBe('write "30s"');
  expect(error.code).toBe("script.option");
  expect(error.position?.line).toBe(2);
});
