import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Glob } from "bun";
import { type Node, parse } from "luaparse";
import type { Placed, Syntax } from "../../../src/lint/syntax/node.ts";
import { readSyntax } from "../../../src/lint/syntax/read-syntax.ts";
import { blankDirectives } from "../../../src/lua/chunk.ts";
import { long, project, testFile } from "../../bench/script-texts.ts";

const tricky = `
local a <const>, b <close> = 1, nil
local function f(self, ...) return ... end
function t.x.y:z(one) return self.q, one, two end
function g() return end
goto out
for i = 1, 10, 2 do a.b[i], c = i, f(i) end
for k, v in pairs(t) do print(k .. v .. "") end
while not a do break end
repeat local done = f() until done and g()
if a == 1 then h() elseif b then h "x" elseif d ~= e then h { 1; x = 2, ["y"] = 3, z } else ; end
::out::
local s = [==[ a ]] ]==] .. '\\'' .. "\\z
  b" .. -2 ^ -3 ^ 2 // 0x1p4 % 3e-2 << 1 | 7 & ~5 ~ 1
(s or unpack):rep(2)(3)[4]["5"].six = function(p) q = p; return function() return p, a end end;
do local x = x; x = x end
return { f = function() end, mode = 420, mode == 1, (mode) }, --[[ long
  comment ]] 5 -- short`;

const files = [...new Glob("{examples,src,docs}/**/*.lua").scanSync(".")];
const texts = new Map([
  ...files.map((file) => [file, readFileSync(file, "utf8")] as const),
  ...Object.entries(project),
  ["long", long(3)],
  ["test file", testFile(1)],
  ["tricky", tricky],
]);

test.each([...texts])("%s is read as luaparse reads it", (_, text) => {
  const plain = blankDirectives(text).replace(/<\s*(?:const|close)\s*>/g, (found) => " ".repeat(found.length));
  expect(places(readSyntax(plain))).toEqual(placesByLuaparse(plain));
});

test("attributes of variables are no names", () => {
  expect(readSyntax("local a <const> = b")?.names).toEqual(["a", "b"]);
});

test("what no Lua is has no syntax", () => {
  for (const text of ["local = 1", "f(", "x = 'a", "x = [[a", "a b", "return 1 2", "end", "x = @", "for do end"]) {
    expect(readSyntax(text), text).toBeUndefined();
  }
});

test("a part of a script knows what it is part of", () => {
  const syntax = readSyntax("if a then local x = f(1) end");
  const [call] = syntax?.calls ?? [];
  expect(call?.parent?.type).toBe("LocalStatement");
  expect(call?.parent?.parent?.type).toBe("If");
  expect(syntax?.globals.map(({ name, parent }) => [name, parent?.type])).toEqual([
    ["a", "If"],
    ["f", "CallExpression"],
  ]);
});

function places(syntax: Syntax | undefined) {
  if (syntax === undefined) return undefined;
  const text = ({ start, end }: Placed, ...more: readonly unknown[]) => [start, end, ...more].join(" ");
  return {
    names: syntax.names.toSorted(),
    calls: syntax.calls.map((node) => text(node)).sort(),
    globals: syntax.globals.map((node) => text(node, node.name)).sort(),
    members: syntax.members.map((node) => text(node, node.indexer, node.name)).sort(),
    fields: syntax.fields.map((node) => text(node, node.name)).sort(),
    strings: syntax.strings.map((node) => text(node, node.raw)).sort(),
    statements: syntax.statements.map((node) => text(node)),
  };
}

function placesByLuaparse(plain: string): ReturnType<typeof places> {
  const found = { names: [], calls: [], globals: [], members: [], fields: [], strings: [], statements: [] };
  const lists: Record<keyof typeof found, string[]> = found;
  for (const node of nodesOf(parse(plain, { luaVersion: "5.3", ranges: true, scope: true }))) {
    const place = "range" in node && Array.isArray(node.range) ? node.range.join(" ") : "";
    if (/CallExpression$/.test(node.type)) lists.calls.push(place);
    if (/(?:Statement|Declaration)$/.test(node.type)) lists.statements.push(place);
    if (node.type === "Identifier") lists.names.push(node.name);
    if (node.type === "Identifier" && "isLocal" in node && node.isLocal === false)
      lists.globals.push(`${place} ${node.name}`);
    if (node.type === "MemberExpression") lists.members.push(`${place} ${node.indexer} ${node.identifier.name}`);
    if (node.type === "TableKeyString") lists.fields.push(`${place} ${node.key.name}`);
    if (node.type === "StringLiteral") lists.strings.push(`${place} ${node.raw}`);
  }
  for (const [name, list] of Object.entries(lists)) if (name !== "statements") list.sort();
  return lists;
}

/** A node and all that are in it, outer ones first. */
function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    /^(?:globals|comments|range)$/.test(key) ? [] : nodesOf(part),
  );
  return isNode(value) ? [value, ...inner] : inner;
}

function isNode(value: object): value is Node {
  return "type" in value && typeof value.type === "string" && value.type !== "Chunk";
}
