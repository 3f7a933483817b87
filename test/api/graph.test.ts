import { expect, test } from "bun:test";
import { opsOf, targetOf } from "./evaluate.ts";

const typesOf = (script: string) => opsOf(script).map(({ type }) => type);

test("merge takes States or one list of them", () => {
  const states = 'local a, b = bk.image("alpine"), bk.image("busybox")\n';
  expect(typesOf(`${states}bk.export(bk.merge(a, b))`)).toEqual(["source", "source", "merge"]);
  expect(typesOf(`${states}bk.export(bk.merge({a, b}))`)).toEqual(["source", "source", "merge"]);
});

test("scratch vanishes from a merge", () => {
  expect(typesOf('bk.export(bk.merge(bk.scratch(), bk.image("alpine")))')).toEqual(["source"]);
  expect(targetOf("bk.export(bk.merge(bk.scratch(), bk.scratch()))").state.output).toBeUndefined();
});

test("diff of equal States is scratch", () => {
  expect(targetOf('local a = bk.image("alpine")\nbk.export(bk.diff(a, a))').state.output).toBeUndefined();
  expect(typesOf('local a = bk.image("alpine")\nbk.export(bk.diff(a, a:run("x")))')).toEqual([
    "source",
    "exec",
    "diff",
  ]);
});
