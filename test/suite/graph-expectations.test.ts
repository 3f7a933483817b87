import { expect, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { failuresOf, runTestFile } from "./run.ts";

const app = `local base = bk.image("golang:1.25", {platform = "linux/arm64"})
local built = base:with_env({A = "1"}):run("go build -o /app .", {
  cwd = "/src", user = "1000:1000", network = "none", hosts = {db = "10.0.0.1"}, secrets_env = {TOKEN = "tok"}, name = "compile",
  mounts = {bk.cache("/root/.cache", {id = "go", sharing = "locked"}), bk.bind(bk.local_("context"), "/src"), bk.secret("/run/npmrc")},
})
local tested = built:run({"go", "test", "./..."}, {no_cache = true})
local out = bk.scratch():copy(built, "/app", "/usr/bin/app", {mode = "0755", owner = "1000:1000"}):mkfile("/etc/motd", "hello\\n")
local all = bk.merge(out, tested)
`;

/** What one line says in a test of `app`: nothing, or the message of its failure. */
function check(line: string): Promise<string | undefined> {
  return inDirectory(async (directory) => {
    const result = runTestFile(directory, `${app}test("a", function()\n  ${line}\nend)`);
    if (result.error !== undefined) throw new Error(result.error.message);
    return failuresOf(result).a?.[0];
  });
}

test.each([
  'expect(all):has_exec("go build")',
  'expect(all):has_exec(test.pattern("^go build .*%.$"))',
  'expect(all):has_exec({args = {"go", "test", test.pattern("^%./")}, no_cache = true})',
  'expect(all):has_exec({name = "compile", cwd = "/src", user = "1000:1000", network = "none", platform = "linux/arm64"})',
  'expect(all):has_exec({env = {A = "1", B = false}, hosts = {db = "10.0.0.1"}, secrets_env = {TOKEN = "tok"}})',
  'expect(all):has_exec({mount = "/root/.cache"})',
  'expect(all):has_exec({mount = {{type = "bind", dest = "/src", readonly = true}, {type = "secret", id = "npmrc"}}})',
  "expect(all):has_exec({args = 'go', count = 2}):has_exec({args = 'gdb', count = 0})",
  'expect(all):has_exec({args = "go test", depends_on = {exec = "go build"}})',
  'expect(all):has_exec({args = "go test", depends_on = built})',
  'expect(all):has_exec({args = "go build", depends_on = {source = {local_ = "context"}}})',
  'expect(all):has_no_exec({args = "go build", depends_on = {exec = "go test"}})',
  'expect(all):has_source({image = "golang:1.25"}):has_source("golang"):has_no_source({image = "golang"})',
  'expect(bk.http("https://example.com/x")):has_source({http = "https://example.com/x"})',
  'expect(bk.git("https://github.com/a/b.git")):has_source({git = test.pattern("github%.com/a/b")})',
  'expect(all):has_mount({type = "cache", id = "go", sharing = "locked"}):has_mount("/src"):has_no_mount({type = "ssh"})',
  'expect(all):has_mount({dest = "/src", from = bk.local_("context")}):has_no_mount({dest = "/src", from = base})',
  'expect(all):has_copy({source = "/app", dest = "/usr/bin/app", mode = "0755", owner = "1000:1000", from = built})',
  'expect(all):has_no_copy({dest = "/usr/bin/app", from = tested})',
  'expect(all):has_file({action = "mkfile", path = "/etc/motd", data = "hello\\n"}):has_file("/etc/motd")',
  'expect(all):has_no_file({action = "rm"})',
  'expect(all):depends_on(built):depends_on({exec = {name = "compile"}}):not_depends_on({source = "alpine"})',
  "expect(all):counts({exec = 2, source = 2, file = 2, merge = 1, total = 7})",
  "expect(built):not_equals(tested):equals(built)",
  'expect(bk.scratch()):has_no_exec("x"):counts({total = 0})',
])("%s", async (line) => {
  expect(await check(line)).toBeUndefined();
});

test.each([
  ['expect(all):has_exec("gdb")', 'no step matches {args = "gdb"}; the nearest of 2 is step #'],
  ['expect(bk.scratch()):has_exec("gdb")', 'no step matches {args = "gdb"}: the graph has none'],
  ['expect(all):has_no_exec("go build")', 'step #3 (some_test.lua:2) matches {args = "go build"}, and none should'],
  ['expect(all):has_exec({args = "go", count = 3})', '2 match {args = "go"} and not 3: step #3'],
  ["expect(all):counts({exec = 1})", "the graph has other numbers of vertices"],
  [
    'expect(all):depends_on({source = "alpine"})',
    'the build does not stand on a source that matches {identifier = "alpine"}',
  ],
  ["expect(all):not_depends_on(built)", "the build stands on that State"],
  ['expect(all):has_exec({arg = "go"})', 'unknown option "arg" (did you mean "args"?)'],
  ['expect(all):has_exec({network = "hots"})', 'did you mean "host"'],
  ["expect(1):has_exec('go')", "expected a State or a Build in expect(…), got 1"],
  ["expect(built):equals(tested)", "the two build different things"],
])("%s fails", async (line, message) => {
  expect(await check(line)).toContain(message);
});

test("the nearest step is shown beside what is expected", () =>
  inDirectory(async (directory) => {
    const text = `${app}test("a", function() expect(all):has_exec({args = "go build", cwd = "/source", env = {A = "1"}}) end)`;
    const [failure] = runTestFile(directory, text).tests[0]?.failures ?? [];
    expect(failure?.difference).toEqual([
      { sign: " ", text: "{" },
      { sign: " ", text: '  args = "go build -o /app .",' },
      { sign: "-", text: '  cwd = "/source",' },
      { sign: "+", text: '  cwd = "/src",' },
      { sign: " ", text: "  env = {" },
      { sign: " ", text: '    A = "1",' },
      { sign: " ", text: "  }," },
      { sign: " ", text: "}" },
    ]);
  }));
