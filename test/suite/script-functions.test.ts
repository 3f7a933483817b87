import { expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, writeFiles } from "../support/build.ts";
import { failuresOf, runTestFile } from "./run.ts";

const build = `local version = bk.arg("VERSION", {required = true, description = "what to build"})
local mode = bk.arg("MODE", {values = {"slim", "full"}, default = "slim"})
print("mode " .. mode, os.getenv("HOME"))
if mode == "full" then bk.warn("full builds are slow") end
local base = bk.image("golang:1.25")
bk.target("app", {default = true, description = "the program"}, function()
  return base:run("go build -ldflags " .. version .. " " .. tostring(bk.target_platform())), {
    entrypoint = "/app -v", cmd = {"run"}, env = {LANG = "C"}, expose = {8080, "53/udp"}, workdir = "/srv", user = "app",
    labels = {version = version}, healthcheck = {cmd = "true", interval = "90s"}, stop_signal = 15, volumes = {"/data"},
  }
end)
bk.target("docs", function()
  return bk.scratch():copy(bk.local_("context"), "docs", "/")
end)
`;

/** Runs the body of one test beside `build.lua`; gives the messages of its failures. */
function check(body: string, files: Record<string, string> = {}): Promise<string[] | undefined> {
  return inDirectory(async (directory) => {
    writeFiles(directory, { "build.lua": build, ...files });
    const result = runTestFile(directory, `test("a", function()\n${body}\nend)`);
    if (result.error !== undefined) throw new Error(result.error.message);
    return failuresOf(result).a;
  });
}

test.each([
  ["arguments", 'expect(test.script("build.lua", {args = {VERSION = 1.5, MODE = "full"}})):has_exec("-ldflags 1.5 ")'],
  [
    "the platform, the same everywhere unless it is given",
    `
    expect(test.script("build.lua", {args = {VERSION = "1"}})):has_exec("linux/amd64")
    expect(test.script("build.lua", {args = {VERSION = "1"}, platform = "linux/arm64"})):has_exec("linux/arm64")
    expect(test.script("build.lua", {args = {VERSION = "1"}, platform = bk.platform("linux", "arm", "v7")})):has_exec("linux/arm/v7")`,
  ],
  [
    "variables of the host",
    'expect(test.script("build.lua", {args = {VERSION = "1"}, env = {HOME = "/h"}}).log):equals({"mode slim\\t/h"})',
  ],
  [
    "targets",
    `
    local build = test.script("build.lua", {args = {VERSION = "1"}, target = "docs"})
    expect(build):has_copy({source = test.pattern("docs$")}):counts({exec = 0})
    expect(build.targets):equals({{name = "app", description = "the program", default = true}, {name = "docs", default = false}})
    expect(test.script("build.lua", {args = {VERSION = "1"}, every_target = true})):counts({exec = 1, file = 1})`,
  ],
  [
    "the config as the script says it",
    `
    local config = test.script("build.lua", {args = {VERSION = "1"}}).config
    expect(config.entrypoint):equals({"/bin/sh", "-c", "/app -v"})
    expect(config):contains({cmd = {"run"}, env = {LANG = "C"}, expose = {"53/udp", "8080/tcp"}, user = "app", workdir = "/srv"})
    expect(config.env):equals({LANG = "C"})
    expect(config):contains({labels = {version = "1"}, healthcheck = {interval = "1m30s", test = {"CMD-SHELL", "true"}}})
    expect(config):contains({volumes = {"/data"}, stop_signal = test.pattern("15")})`,
  ],
  [
    "the outline",
    `
    expect(test.script("build.lua", {args = {VERSION = "1"}}).outline.args):equals({
      {name = "VERSION", description = "what to build", value = "1", required = true},
      {name = "MODE", value = "slim", required = false, values = {"slim", "full"}},
    })`,
  ],
  [
    "warnings with their line",
    `
    local build = test.script("build.lua", {args = {VERSION = "1", MODE = "full"}})
    expect(build):has_warning("slow", {line = 4, file = "build.lua"}):has_warning()
    expect(build.warnings):equals({{message = "full builds are slow", file = "build.lua", line = 4}})
    expect(test.script("build.lua", {args = {VERSION = "1"}})):has_no_warning()`,
  ],
  [
    "errors with their line",
    `
    expect(function() test.script("build.lua") end):fails("VERSION", {line = 1, file = "build.lua"})
    expect(function() test.script("build.lua", {target = "dosc"}) end):fails()
    expect(function() test.script("build.lua", {arg = {}}) end):fails('did you mean "args"')
    expect(function() test.script("buidl.lua") end):fails('there is no script "buidl.lua"')`,
  ],
  [
    "contexts: States, images and directories",
    `
    local args = {VERSION = "1"}
    expect(test.script("build.lua", {args = args, contexts = {["golang:1.25"] = bk.image("alpine")}})):has_source({image = "alpine"}):has_no_source("golang")
    expect(test.script("build.lua", {args = args, contexts = {["golang:1.25"] = "docker-image://busybox:1"}})):has_source({image = "busybox:1"})
    expect(test.script("build.lua", {args = args, target = "docs", contexts = {context = bk.scratch():mkfile("/docs/a", "a")}})):has_file("/docs/a")
    expect(function() test.script("build.lua", {args = args, contexts = {context = "nothing"}}) end):fails("there is no directory")`,
  ],
  [
    "fields that there are",
    `
    local build = test.script("build.lua", {args = {VERSION = "1"}})
    expect(build.state):equals(build)
    expect(build.states["linux/amd64"]):equals(build.state)
    expect(function() return build.sate end):fails('build:sate does not exist (did you mean "state"?)')`,
  ],
])("test.script gives %s", async (_, body) => {
  expect(await check(body)).toEqual([]);
});

test("scripts outside of the project are not read, through links neither", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, {
      "outside.lua": "bk.export(bk.scratch())",
      "project/sub/x": "",
      "project/build.lua": "bk.export(bk.scratch())",
    });
    symlinkSync(join(directory, "outside.lua"), join(directory, "project/link.lua"));
    const text = `test("outside", function() test.script("../../outside.lua") end)
test("link", function() test.script("../link.lua") end)
test("root", function() test.script("../build.lua") end)
test("near", function() test.script("build.lua") end)`;
    const result = runTestFile(join(directory, "project/sub"), text, { root: join(directory, "project") });
    expect(failuresOf(result)).toEqual({
      outside: ['test.script: "../../outside.lua" is outside of the project'],
      link: ['test.script: "../link.lua" is outside of the project'],
      root: [],
      near: ['test.script: there is no script "build.lua" beside the test file'],
    });
    expect(result.tests[3]?.failures[0]?.hint).toBe('paths start at the test file: "../build.lua"');
  }));

test("several platforms are several States", async () => {
  const script = 'bk.export({["linux/amd64"] = bk.image("a"), ["linux/arm64"] = bk.image("b")})';
  const body = `local build = test.script("multi.lua")
    expect(build.states["linux/arm64"]):has_source({image = "b"}):counts({total = 1})
    expect(build):counts({source = 2})
    expect(build.state):has_source({image = "a"})
    expect(test.script("multi.lua", {platform = "linux/s390x"}).state)`;
  expect(await check(body, { "multi.lua": script })).toEqual(["the script gave 2 States"]);
});
