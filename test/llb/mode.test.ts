import { expect, test } from "bun:test";
import { copyMode, createMode } from "../../src/llb/mode.ts";

test.each(["u+x", "go-w", "a=rX", "u+x,go-w", "+x", "ug=rwx,o=", "g=u", "u=rwx,go=rx"])("%p is symbolic", (mode) => {
  expect(copyMode(mode)).toBe(mode);
});

test("octal text is bits", () => {
  expect(copyMode("0755")).toBe(0o755);
  expect(copyMode("4755")).toBe(0o4755);
});

test.each(["", "x", "u", "u+y", "0888", "u+x,", "rwxr-xr-x", 0o10000, -1, 1.5])("%p is no mode of a copy", (mode) => {
  expect(() => copyMode(mode)).toThrow("mode");
});

test("what the daemon would drop from a new file's mode is refused", () => {
  expect(createMode(undefined, 0o755)).toBe(0o755);
  expect(createMode(0, 0o755)).toBe(0);
  expect(() => createMode(0o1777, 0o755)).toThrow("setuid, setgid and sticky");
  expect(() => createMode(0o10000, 0o755)).toThrow("not between");
});
