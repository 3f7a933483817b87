import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildFails, type Files, unique } from "../support/build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, http } = testbed();
const busybox = `bk.image("${images.busybox}")`;

interface Excerpt {
  /** `build.lua:5` */
  readonly place: string;
  /** The lines that buildctl marks, without the mark. */
  readonly marked: readonly string[];
}

/** The excerpts of scripts in what buildctl wrote, in their order. */
function parseExcerpts(stderr: string): readonly Excerpt[] {
  const blocks = stderr.matchAll(/^(\S+:\d+)\n-{20}\n([\s\S]*?)\n-{20}$/gm);
  return [...blocks].map(([, place = "", lines = ""]) => ({
    place,
    marked: [...lines.matchAll(/^ *\d+ \| >>> (.*)$/gm)].map(([, text = ""]) => text.trim()),
  }));
}

const excerpts = async (script: string, files: Files = {}) => parseExcerpts(await buildFails(script, { files }));

describe.concurrent("a failing step shows", () => {
  test("the line that made it, with its neighbours", async () => {
    const mark = unique();
    const stderr = await buildFails(`local base = ${busybox}

local before = base:run("true")
local failing = before:run("echo last words; exit 7 # ${mark}")
local after = failing:run("true # after")

bk.export(after)
`);
    expect(stderr).toContain(`build.lua:4
--------------------
   2 |     
   3 |     local before = base:run("true")
   4 | >>> local failing = before:run("echo last words; exit 7 # ${mark}")
   5 |     local after = failing:run("true # after")
   6 |     
--------------------`);
    expect(stderr).toContain("last words");
    expect(stderr).toContain("exit code: 7");
  });

  test("the line of the call in a chain of calls", async () => {
    const script = `local base = ${busybox}
bk.export(base
  :run("true # ${unique()}")
  :run("exit 3 # ${unique()}")
  :run("true"))`;
    expect(await excerpts(script)).toMatchObject([
      { place: "build.lua:4", marked: [expect.stringContaining("exit 3")] },
    ]);
  });

  test("the line where a call over several lines begins", async () => {
    const script = `local base = ${busybox}
local failing = base:run([[
  exit 3 # ${unique()}
]], {
  env = {A = "1"},
})
bk.export(failing)`;
    expect(await excerpts(script)).toEqual([{ place: "build.lua:2", marked: ["local failing = base:run([["] }]);
  });

  test("lines as an editor counts them when the first one is skipped", async () => {
    const script = `#!/usr/bin/env luakit\n#syntax=example.com/luakit:1\nbk.export(${busybox}:run("exit 3 # ${unique()}"))`;
    expect(await excerpts(script)).toMatchObject([
      { place: "build.lua:3", marked: [expect.stringContaining("exit 3")] },
    ]);
  });

  test("the line in a loop and in a coroutine", async () => {
    const script = `local state = ${busybox}
for code = 0, 1 do
  state = state:run("exit " .. code .. " # ${unique()}")
end
bk.export(coroutine.wrap(function()
  return state
end)())`;
    expect(await excerpts(script)).toMatchObject([{ place: "build.lua:3" }]);
  });

  test("the line of the script in a return", async () => {
    const script = `local function fail(state)
  return state:run("exit 3 # ${unique()}")
end
bk.export(fail(${busybox}))`;
    const places = (await excerpts(script)).map(({ place }) => place);
    expect(places).toContain("build.lua:2");
  });

  test("the name that the step was given", async () => {
    const script = `bk.export(${busybox}:run("exit 3 # ${unique()}", {name = "compile the thing"}))`;
    const stderr = await buildFails(script);
    expect(stderr).toContain(" > compile the thing:");
    expect(parseExcerpts(stderr)).toMatchObject([{ place: "build.lua:1" }]);
  });
});

describe.concurrent("a failing step of a module shows", () => {
  const files = {
    "lib/steps.lua": `local M = {}

local function fail(state, mark)
  local failed = state:run("exit 3 # " .. mark)
  return failed
end

function M.build(state, mark)
  local built = fail(state:run("true"), mark)
  return built
end

return M
`,
  };

  test("the script's line, then the module's", async () => {
    const script = `local steps = require "lib.steps"
local base = ${busybox}
local built = steps.build(base, "${unique()}")
bk.export(built)`;
    const found = await excerpts(script, files);
    expect(found.map(({ place }) => place)).toEqual(["build.lua:3", "lib/steps.lua:9", "lib/steps.lua:4"]);
    expect(found.map(({ marked }) => marked.join())).toEqual([
      expect.stringContaining("local built = steps.build(base"),
      'local built = fail(state:run("true"), mark)',
      'local failed = state:run("exit 3 # " .. mark)',
    ]);
  });

  test("which of two uses of the module it was", async () => {
    const script = `local steps = require "lib.steps"
local fine = ${busybox}:run("true # ${unique()}")
local left = bk.merge(fine, bk.scratch():mkdir("/a"))
local right = steps.build(left, "${unique()}")
bk.export(right)`;
    expect((await excerpts(script, files))[0]).toMatchObject({ place: "build.lua:4" });
  });
});

describe.concurrent("a failing step shows every place", () => {
  test("that made it, when it was made twice", async () => {
    const step = `base:run("exit 3 # ${unique()}")`;
    const script = `local base = ${busybox}\nlocal one = ${step}\nlocal two = ${step}\nbk.export(bk.merge(one, two:mkdir("/a")))`;
    const places = (await excerpts(script)).map(({ place }) => place);
    expect(places.sort()).toEqual(["build.lua:2", "build.lua:3"]);
  });

  test("in the standard library that led to it, the script's line first", async () => {
    const script = `local prelude = require "prelude"
local base = ${busybox}:mkfile("/${unique()}", "")
local installed = prelude.apk_package(base, {"curl"})
bk.export(installed)`;
    const places = (await excerpts(script)).map(({ place }) => place);
    expect(places).toEqual(["build.lua:3", expect.stringMatching(/^prelude\.lua:\d+$/)]);
  });
});

describe.concurrent("a failing op that is no step shows its line", () => {
  const ops: [string, string][] = [
    ["copy", `bk.scratch():copy(bk.scratch():mkfile("/${unique()}", ""), "/missing", "/")`],
    ["rm", `bk.scratch():mkfile("/${unique()}", ""):rm("/missing")`],
    ["mkfile", `bk.scratch():mkfile("/missing/${unique()}", "")`],
    ["http", `bk.http("${http.url}/missing-${unique()}")`],
    ["local", `bk.local_("missing-${unique()}")`],
    ["git", `bk.git("${http.url}/missing-${unique()}.git")`],
  ];

  test.each(ops)("%s", async (_, expression) => {
    const script = `local before = 1\n\nlocal failing = ${expression}\n\nbk.export(failing)`;
    expect(await excerpts(script)).toMatchObject([{ place: "build.lua:3", marked: [`local failing = ${expression}`] }]);
  });

  test("image", async () => {
    const script = `local failing = bk.image("${testbed().registry}/missing:${unique()}")\nbk.export(failing)`;
    const found = parseExcerpts(await buildFails(script, { flags: ["--no-resolve"] }));
    expect(found).toMatchObject([{ place: "build.lua:1" }]);
  });
});
