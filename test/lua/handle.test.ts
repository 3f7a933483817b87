import { expect, test } from "bun:test";
import { defineHandle, type HandleType, handle } from "../../src/lua/handle.ts";
import { integer, text } from "../../src/lua/scalar.ts";
import { define, fail, failure, run } from "./support.ts";

interface Point {
  readonly x: number;
}

const point: HandleType<Point> = defineHandle({ name: "Point", doc: "", toText: ({ x }) => `Point(${x})` });
const other: HandleType<Point> = defineHandle({ name: "Other", doc: "", toText: () => "Other" });
const base = { doc: "", example: "" };
const origin: Point = { x: 0 };
const functions = [
  define({
    ...base,
    name: "geo.point",
    params: [{ name: "x", kind: integer() }],
    returns: { type: "Point", handle: point },
    run: (_call, x) => ({ x }),
  }),
  define({ ...base, name: "geo.origin", params: [], returns: { type: "Point", handle: point }, run: () => origin }),
  define({ ...base, name: "geo.other", params: [], returns: { type: "Other", handle: other }, run: () => origin }),
  define({ ...base, name: "geo.both", params: [], run: () => [point.of({ x: 1 }), { inner: point.of({ x: 2 }) }] }),
  define({
    ...base,
    name: "geo.x",
    params: [{ name: "point", kind: handle(point) }],
    run: (_call, { x }) => x,
  }),
  define({
    ...base,
    name: "point:move",
    self: point,
    params: [{ name: "by", kind: integer() }],
    returns: { type: "Point", handle: point },
    run: (call, by) => ({ x: call.self.x + by }),
  }),
  define({
    ...base,
    name: "point:label",
    self: point,
    params: [{ name: "text", kind: text }],
    run: (_call, label) => label,
  }),
];
const options = { functions, handles: [point, other] };

test("handles carry values through a script", () => {
  expect(run("out(tostring(geo.x(geo.point(3):move(4))))", options)).toEqual(["7"]);
  expect(run("local all = geo.both() out(tostring(geo.x(all[1]) + geo.x(all[2].inner)))", options)).toEqual(["3"]);
});

test("handles show as text, and compare by what they hold", () => {
  expect(run("out(tostring(geo.point(3)), type(geo.origin()))", options)).toEqual(["Point(3) userdata"]);
  expect(run("out(tostring(geo.origin() == geo.origin()), tostring(geo.point(1) == geo.point(1)))", options)).toEqual([
    "true false",
  ]);
});

test("a handle of another type is refused", () => {
  expect(failure("geo.x(geo.other())", options)).toBe(
    'build.lua:1: geo.x: argument "point": expected Point, got Other',
  );
  expect(failure("geo.x({})", options)).toEndWith("expected Point, got table");
  expect(failure("geo.point(1).move(2)", options)).toBe(
    "build.lua:1: point:move: expected Point before the colon, got number",
  );
  expect(fail("geo.point(1).move(2)", options).hint).toBe("call it with a colon: point:move(...)");
});

test("a script can neither see nor change a handle's inside", () => {
  expect(run("out(tostring(getmetatable(geo.origin())))", options)).toEqual(["Point"]);
  expect(failure("setmetatable(geo.origin(), {})", options)).toContain("table expected");
  expect(failure("geo.origin().x = 1", options)).toBe(
    "build.lua:1: a Point cannot be changed: its methods give new values",
  );
});

test("a method that does not exist is answered with the nearest one", () => {
  expect(failure("geo.origin():mvoe(1)", options)).toBe(
    'build.lua:1: point:mvoe does not exist (did you mean "move"?)',
  );
  expect(failure("geo.pnt(1)", options)).toBe("build.lua:1: geo.pnt does not exist");
  expect(failure("geo.piont(1)", options)).toBe('build.lua:1: geo.piont does not exist (did you mean "point"?)');
});

test("handles stay what they are through garbage collection", () => {
  const source = `
    local kept = {}
    for i = 1, 2000 do kept[i] = geo.point(i) if i % 100 == 0 then collectgarbage() end end
    local sum = 0
    for i = 1, 2000 do sum = sum + geo.x(kept[i]) end
    out(tostring(sum))`;
  expect(run(source, options)).toEqual(["2001000"]);
});
