import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { describeLint, printLint } from "../../src/frontend/lint-result.ts";

const script = { name: "build.lua", data: "one\ntwo\nthree\nfour\nfive" };
const warnAt = (line: number, file = script) =>
  new LuakitError("script.runtime", "is \u001b[1mold", { position: { file: file.name, line, source: file.data } });

test("a warning has its rule, its text and its lines, as clients print them", () => {
  const result = describeLint({ warnings: [warnAt(3), warnAt(1)] }, script);
  expect(result.warnings[0]).toMatchObject({ ruleName: "ScriptWarning", detail: "is old" });
  expect(printLint(result)).toBe(`
WARNING: ScriptWarning
is old
build.lua:3
--------------------
   1 |     one
   2 |     two
   3 | >>> three
   4 |     four
   5 |     five
--------------------

WARNING: ScriptWarning
is old
build.lua:1
--------------------
   1 | >>> one
   2 |     two
   3 |     three
--------------------
`);
});

test("a module's name is part of the text, as clients show another file's; what is nowhere is in no source", () => {
  const module = { name: "lib/a.lua", data: "x" };
  const nowhere = new LuakitError("script.runtime", "somehow");
  const { warnings, sources } = describeLint({ warnings: [warnAt(1, module), nowhere] }, script);
  expect(warnings).toMatchObject([
    { detail: "is old (lib/a.lua:1)", location: { sourceIndex: 1 } },
    { detail: "somehow", location: { sourceIndex: -1, ranges: [] } },
  ]);
  expect(sources.map(({ filename }) => filename)).toEqual(["build.lua", "lib/a.lua"]);
});

test("an error has a location even when its place is not known: clients look for one", () => {
  const { buildError } = describeLint({ warnings: [], error: new LuakitError("script.limit", "too slow") }, script);
  expect(buildError).toEqual({ message: "too slow", location: { ranges: [] } });
});
