import { describe, expect, test } from "bun:test";
import { defineHandle } from "../../src/lua/handle.ts";
import { text } from "../../src/lua/scalar.ts";
import { define, openHarness } from "./support.ts";

const thing = defineHandle<{ readonly lines: string }>({ name: "Thing", doc: "", toText: ({ lines }) => lines });
const returns = { type: "Thing", handle: thing };
const start = define({
  name: "start",
  doc: "",
  example: "",
  params: [],
  returns,
  run: (call) => ({ lines: String(call.position()?.line) }),
});
const step = define({
  name: "thing:step",
  doc: "",
  example: "",
  self: thing,
  params: [{ name: "texts", kind: text, rest: true }],
  returns,
  run: (call) => ({ lines: `${call.self.lines} ${call.position()?.line}` }),
});

/** The lines of the calls that gave `thing`, in their order. */
function linesOf(source: string): string {
  const { vm, session } = openHarness([start, step], { handles: [thing] });
  vm.run({ name: "build.lua", data: `${source}\nout(tostring(thing))` });
  vm.close();
  return session.out[0] ?? "";
}

describe("the line of a call", () => {
  test("is that of the method's name in a chain over several lines", () => {
    expect(linesOf("thing = start()\n  :step()\n\n  :step(\n'a')\n  :step 'b'")).toBe("1 2 4 6");
  });

  test("is that of the method's name on one line", () => {
    expect(linesOf("thing = start():step():step()")).toBe("1 1 1");
  });

  test("is right when an argument has calls of its own", () => {
    expect(linesOf("thing = start()\n  :step(tostring(start()\n  :step()),\n  tostring(1))\n  :step()")).toBe("1 2 5");
  });

  test("is right in a return, where the call replaces the function", () => {
    const source = "local function build(first)\n  return first\n    :step()\n    :step()\nend\nthing = build(start())";
    expect(linesOf(source)).toMatch(/^6 3 \d+$/);
  });

  test("is that of the call when no method is called", () => {
    expect(linesOf("local t = start():step()\nlocal a = { start }\nthing = a[1]()\n")).toBe("3");
    expect(linesOf("local s = start()\nlocal m = s.step\nthing = m(\ns)\n")).toBe("1 3");
  });

  test("is right far from where the function begins", () => {
    const filler = "local x = start()\n".repeat(150);
    const gap = "\n".repeat(300);
    expect(linesOf(`do ${filler} end${gap}thing = start()\n${gap}:step()\n:step()`)).toBe("451 752 753");
  });

  test("is right in a function with variable arguments", () => {
    const source =
      "local function build(...)\n  local t = select(1, ...)\n    :step()\n  return t\nend\nthing = build(start(), 1, 2)";
    expect(linesOf(source)).toBe("6 3");
  });

  test("is right in a branch", () => {
    const source = "local s = start()\nthing = s\n  :step(s and 'a' or 'b',\n  not s and 'c' or 'd')\n  :step()";
    expect(linesOf(source)).toBe("1 3 5");
  });
});
