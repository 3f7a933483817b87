import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { callback, type LuaFunction } from "../../src/lua/callback.ts";
import { optional } from "../../src/lua/compose.ts";
import { defineHandle, handle } from "../../src/lua/handle.ts";
import { integer, text } from "../../src/lua/scalar.ts";
import { define, fail, failure, openHarness, run } from "./support.ts";

const base = { doc: "", example: "" };
const box = defineHandle<{ readonly n: number }>({ name: "Box", doc: "", toText: () => "Box" });

function functions(kept: LuaFunction[]) {
  return [
    define({ ...base, name: "keep", params: [{ name: "f", kind: callback }], run: (_call, f) => void kept.push(f) }),
    define({
      ...base,
      name: "now",
      params: [
        { name: "f", kind: callback },
        { name: "n", kind: integer() },
      ],
      run: (_call, f, n) => f.call([n, box.of({ n })], [integer()])[0],
    }),
    define({ ...base, name: "unbox", params: [{ name: "box", kind: handle(box) }], run: (_call, { n }) => n }),
  ];
}

test("a handler calls back with handles and reads the results", () => {
  const options = { functions: functions([]), handles: [box] };
  expect(run("out(tostring(now(function(n, b) return n + unbox(b) end, 20)))", options)).toEqual(["40"]);
  expect(failure("now(function() return 'x' end, 1)", options)).toBe(
    "build.lua:1: now: result 1 of the function: expected integer, got string",
  );
});

test("an error in a function that was called back is told where it was raised", () => {
  const options = { functions: functions([]), handles: [box] };
  const error = fail("local function bad()\n  error('inside')\nend\nnow(bad, 1)", options);
  expect(error.message).toBe("inside");
  expect(error.position?.line).toBe(2);
  expect(error.callers.map(({ line }) => line)).toEqual([4]);
});

test("functions can be called when the script is over", () => {
  const kept: LuaFunction[] = [];
  const { vm } = openHarness(functions(kept), { handles: [box] });
  vm.run({ name: "build.lua", data: "local n = 0\nkeep(function(by) n = n + by return n, 'x' end)" });
  expect(kept[0]?.call([2], [integer(), text])).toEqual([2, "x"]);
  expect(kept[0]?.call([3], [integer(), text, optional(text)])).toEqual([5, "x", undefined]);
  expect(kept[0]?.definedAt()?.line).toBe(2);
  vm.close();
  expect(() => kept[0]?.call([1], [])).toThrow("the script is over");
});

test("an error of a later call comes out as the one error", () => {
  const kept: LuaFunction[] = [];
  const { vm } = openHarness(functions(kept), { handles: [box] });
  vm.run({ name: "build.lua", data: "keep(function()\n  os.execute('ls')\nend)" });
  let caught: unknown;
  try {
    kept[0]?.call([], []);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(LuakitError);
  expect(caught).toMatchObject({ code: "script.sandbox", position: { line: 2 } });
  expect(() => kept[0]?.call([], [text])).toThrow("os.execute is not available");
  vm.close();
});

test("the limits hold in later calls too", () => {
  const kept: LuaFunction[] = [];
  const { vm } = openHarness(functions(kept), { handles: [box], limits: { memory: 512 << 20, time: 200 } });
  vm.run({ name: "build.lua", data: "keep(function() while true do pcall(error) end end)" });
  expect(() => kept[0]?.call([], [])).toThrow("ran for more than 0.2 s");
  vm.close();
});
