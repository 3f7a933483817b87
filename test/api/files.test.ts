import { expect, test } from "bun:test";
import { errorOf, opsOf } from "./evaluate.ts";

const filesOf = (script: string) => opsOf(script).filter((op) => op.type === "file");

test("each call is one op, and files makes one of several", () => {
  const calls = 'mkdir("/a"):mkfile("/a/b", "x"):symlink("b", "/a/c"):rm("/a/b")';
  expect(filesOf(`bk.export(bk.image("alpine"):${calls})`)).toHaveLength(4);
  const grouped = filesOf(`bk.export(bk.image("alpine"):files(function(f) f:${calls} end))`);
  expect(grouped.map((op) => op.actions.map(({ type }) => type))).toEqual([["mkdir", "mkfile", "symlink", "rm"]]);
});

test("a list is several actions of one op", () => {
  const [op] = filesOf('bk.export(bk.scratch():copy(bk.local_("context"), {"a", "b"}, "/d/"))');
  expect(op?.actions).toMatchObject([{ source: "a" }, { source: "b" }]);
});

test("file contents are bytes", () => {
  const [op] = filesOf('bk.export(bk.scratch():mkfile("/a", "\\0\\255\\xc3\\x28"))');
  expect(op?.actions).toMatchObject([{ data: new Uint8Array([0, 255, 0xc3, 0x28]) }]);
});

test("an error within the function of files has its line", () => {
  const { message, position } = errorOf("bk.scratch():files(function(f)\n  f:mkdir(7)\nend)");
  expect(message).toBe('files:mkdir: argument "path": expected string, got number');
  expect(position?.line).toBe(2);
});

test("defaults are those of the field", () => {
  const [op] = filesOf('bk.export(bk.scratch():mkdir("/a"))');
  expect(op?.actions).toMatchObject([{ mode: 0o755, makeParents: false }]);
  const [file] = filesOf('bk.export(bk.scratch():mkfile("/a", ""))');
  expect(file?.actions).toMatchObject([{ mode: 0o644 }]);
  const [copy] = filesOf('bk.export(bk.scratch():copy(bk.local_("context"), ".", "/a"))');
  expect(copy?.actions).toMatchObject([
    { mode: undefined, owner: undefined, createDestPath: true, allowWildcard: true, contentsOnly: true, unpack: false },
  ]);
});
