import { expect, test } from "bun:test";
import { deviceOf, ulimitOf } from "../../src/llb/exec-limit.ts";

test.each([
  [{ name: "nofiles", soft: 1, hard: 1 }, 'unknown limit "nofiles" (did you mean "nofile"?)'],
  [{ name: "nofile", soft: 2, hard: 1 }, "above the hard"],
  [{ name: "nofile", soft: -1, hard: 1 }, "above the hard"],
  [{ name: "nofile", soft: 1.5, hard: 2 }, "expected an integer"],
  [{ name: "nofile", soft: -2, hard: 2 }, "not between"],
])("%p is refused", (limit, message) => {
  expect(() => ulimitOf(limit)).toThrow(message);
});

test("no limit at all is a limit", () => {
  expect(ulimitOf({ name: "core", soft: -1, hard: -1 })).toEqual({ name: "core", soft: -1, hard: -1 });
});

test("a device needs a name", () => {
  expect(deviceOf({ name: "a" })).toEqual({ name: "a", optional: false });
  expect(() => deviceOf({ name: "" })).toThrow("needs a name");
});
