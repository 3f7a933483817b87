import { expect, test } from "bun:test";
import { mkdirAction, mkfileAction, rmAction, symlinkAction } from "../../src/llb/action.ts";

test("defaults", () => {
  expect(mkdirAction("/d", {})).toMatchObject({ mode: 0o755, makeParents: false });
  expect(mkfileAction("/f", "é", {})).toMatchObject({ mode: 0o644, data: new Uint8Array([0xc3, 0xa9]) });
  expect(rmAction(["/a", "b"], {})).toHaveLength(2);
});

test.each([
  [() => mkdirAction("", {}), "path is empty"],
  [() => mkdirAction("a\0", {}), "NUL"],
  [() => mkdirAction("/d", { mode: 0o1777 }), "sticky"],
  [() => mkdirAction("/d", { owner: "" }), "owner"],
  [() => mkdirAction("/d", { created: -1n }), "before 1970"],
  [() => mkdirAction("/d", { created: 1n << 63n }), "too far"],
  [() => mkfileAction("/d/", "", {}), "name of a directory"],
  [() => mkfileAction("/d", new Uint8Array(16 * 1024 * 1024 + 1), {}), "above 16 MiB"],
  [() => rmAction([], {}), "no path"],
  [() => rmAction("/", {}), "root itself"],
  [() => rmAction("/./..", {}), "root itself"],
  [() => symlinkAction("", "/a", {}), "target: the path is empty"],
  [() => symlinkAction("/a", "", {}), "path: the path is empty"],
])("%p is refused", (make, message) => {
  expect(make).toThrow(message);
});
