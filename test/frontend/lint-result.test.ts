import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { describeLint, printLint } from "../../src/frontend/lint-result.ts";
import type { Finding } from "../../src/lint/check-rules.ts";

const script = { name: "build.lua", data: "one\ntwo\nthree\nfour\nfive" };
const found = (problem: LuakitError): Finding => ({ rule: "script-warning", severity: "warning", problem });
const warnAt = (line: number, file = script) =>
  found(
    new LuakitError("script.runtime", "is \u001b[1mold", { position: { file: file.name, line, source: file.data } }),
  );
const url = "https://github.com/luakit-build/luakit/blob/main/docs/lint.md#script-warning";

test("a warning has its rule, its text and its lines, as clients print them", () => {
  const result = describeLint({ findings: [warnAt(3), warnAt(1)] }, script);
  expect(result.warnings[0]).toMatchObject({ ruleName: "script-warning", detail: "is old", url });
  expect(printLint(result)).toBe(`
WARNING: script-warning - ${url}
is old
build.lua:3
--------------------
   1 |     one
   2 |     two
   3 | >>> three
   4 |     four
   5 |     five
--------------------

WARNING: script-warning - ${url}
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
  const nowhere = found(new LuakitError("script.runtime", "somehow"));
  const { warnings, sources } = describeLint({ findings: [warnAt(1, module), nowhere] }, script);
  expect(warnings).toMatchObject([
    { detail: "is old (lib/a.lua:1)", location: { sourceIndex: 1 } },
    { detail: "somehow", location: { sourceIndex: -1, ranges: [] } },
  ]);
  expect(sources.map(({ filename }) => filename)).toEqual(["build.lua", "lib/a.lua"]);
});

test("an error has a location even when its place is not known: clients look for one", () => {
  const { buildError } = describeLint({ findings: [], error: new LuakitError("script.limit", "too slow") }, script);
  expect(buildError).toEqual({ message: "too slow", location: { ranges: [] } });
});
