import { expect, test } from "bun:test";
import { isDockerfile } from "../../src/frontend/is-dockerfile.ts";
import { openHarness } from "../lua/support.ts";

const dockerfiles = [
  "FROM busybox",
  "FROM busybox\n",
  "FROM busybox\r\nRUN true\r\n",
  "from busybox as base\nrun true\n",
  "From\tbusybox\n",
  "  FROM busybox\n",
  "\n\n \t\nFROM busybox\n",
  "\uFEFFFROM busybox\n",
  "\uFEFF# syntax=luakit\nFROM busybox\n",
  "# syntax=luakit\nFROM busybox\n",
  "#syntax=luakit\n\nFROM busybox\n",
  "#!/usr/bin/env docker\n# syntax=luakit\nFROM busybox\n",
  "# syntax=luakit\n# escape=`\n# check=skip=all\nFROM busybox\n",
  "# syntax=luakit\n# a comment, with FROM = 1 in it\n  # another\nFROM busybox\n",
  "FROM --platform=linux/amd64 busybox\nRUN true\n",
  "FROM --platform=$BUILDPLATFORM busybox\n\n# comment\nRUN true\n",
  "FROM --platform=linux/amd64 busybox",
  "FROM \\\n  busybox\n",
  "# escape=`\nFROM `\n  busybox\n",
  "FROM $IMAGE\n",
  "FROM $\u007bIMAGE}\n",
  'FROM "busybox"\nRUN true\n',
  "FROM 'busybox' AS base\n",
  'FROM "busybox"\n',
  "FROM 127.0.0.1:5000/busybox\n",
  "ARG IMAGE\nFROM $IMAGE\n",
  "arg IMAGE=busybox\nFROM $IMAGE\n",
  'ARG IMAGE="busybox" TAG=1\nFROM $IMAGE:$TAG\n',
  "RUN <<EOF\nx = 1\nEOF\n",
  "FROM busybox\nRUN <<EOF cat > x.lua\nlocal x = 1\nEOF\n",
  "COPY --from=busybox / /\n",
];

const scripts = [
  "",
  "\n",
  "#syntax=luakit",
  "#syntax=luakit\n",
  "#syntax=luakit\nreturn",
  "#!/usr/bin/env luakit\n#syntax=luakit\nlocal x = 1\n",
  "\uFEFFlocal x = 1",
  "from = 1",
  "from=1",
  "FROM = 1",
  "#syntax=luakit\nfrom = bk\n",
  "from\n= 1",
  "from -- platform\n= 1",
  "from --platform=linux/amd64 busybox\n = 1",
  "from --[[ several\nlines ]] = 1",
  "from --[==[ FROM busybox ]] ]==] , run = 1, 2",
  "arg ('x')",
  "arg(1)",
  'arg "x"',
  "arg 'x'",
  "arg [[x]]",
  "arg [=[x]=]",
  "run { 'x' }",
  "env.x = 1",
  "env .x = 1",
  "env ['x'] = 1",
  "run :x()",
  "from, run = 1, 2",
  "user , run = 1, 2",
  "from '/x':run()",
  'from "busybox" .x = 1',
  "FROM [[busybox]]\nrun()",
  "-- FROM busybox\nlocal x = 1",
  "--[[\nFROM busybox\n]]\nlocal x = 1",
  "local from = [[\nFROM busybox\n]]",
  "froms = 1",
  "copying = 1\nreturn copying",
  "function run() end",
  "::run::",
];

test.each(dockerfiles)("a Dockerfile: %j", (text) => {
  expect(isDockerfile(text)).toBe(true);
});

test.each(scripts)("Lua: %j", (text) => {
  expect(isDockerfile(text)).toBe(false);
});

/** What Lua itself says, without running anything. */
function isLua(text: string): boolean {
  const { vm, session } = openHarness();
  vm.run({ name: "a.lua", data: `out(tostring(load([========[\n${text}]========]) ~= nil))` });
  vm.close();
  return session.out[0] === "true";
}

const withoutHead = (text: string) => text.replace(/^\uFEFF/, "").replace(/^(#[^\n]*(\n|$))+/, "");

test("what is taken for a Dockerfile is no Lua to Lua, unless it calls what no script has", () => {
  const both = dockerfiles.filter((text) => isLua(withoutHead(text)));
  expect(both).toEqual(['FROM "busybox"\n']);
});

test("what is taken for Lua is Lua to Lua", () => {
  expect(scripts.filter((text) => !isLua(withoutHead(text)))).toEqual([]);
});
