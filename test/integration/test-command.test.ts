import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { type Files, inDirectory, writeFiles } from "../support/build.ts";
import { exampleDirectory } from "../support/example.ts";
import { runLuakit } from "../support/luakit.ts";
import { processesWithVariable } from "../support/processes.ts";
import { startLuakit, until } from "../support/running.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const build = `local version = bk.arg("VERSION", {required = true})
local base = bk.image("golang:1.25")
bk.export(base:run("go build -o /app " .. version, {env = {CGO_ENABLED = "0"}}), {entrypoint = {"/app"}})
`;
const good = `local function script() return test.script("build.lua", {args = {VERSION = "1"}}) end
test("one", function() expect(script()):has_exec("go build") end)
describe("group", function()
  test("two", function() expect(script().config.entrypoint):equals({"/app"}) end)
end)
`;
const bad = `test("wrong variable", function()
  local build = test.script("build.lua", {args = {VERSION = "1"}})
  print("looking")
  expect(build):has_exec({args = "go build", env = {CGO_ENABLED = "1"}})
end)
test("wrong script", function() test.script("build.lua") end)
test.skip("later", function() end)
`;

interface Run {
  readonly exitCode: number;
  /** Without times. */
  readonly stdout: string;
  readonly stderr: string;
}

async function run(directory: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const { exitCode, stdout, stderr } = await runLuakit(["test", ...args], { cwd: directory, env });
  return { exitCode, stdout: stdout.replace(/\d+(\.\d+)? m?s\b/g, "TIME"), stderr };
}

/** Runs the command beside these files. */
function runIn(files: Files, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Run> {
  return inDirectory(async (directory) => {
    writeFiles(directory, files);
    return run(directory, args, env);
  });
}

describe.concurrent("output", () => {
  test("tests that pass", async () => {
    const { exitCode, stdout, stderr } = await runIn({ "build.lua": build, "good_test.lua": good });
    expect(stdout).toBe("✓ good_test.lua (2 tests) TIME\n\n2 tests in 1 file: 2 passed TIME\n");
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  test("tests that fail, with their lines and what differs", async () => {
    const { exitCode, stdout, stderr } = await runIn({
      "build.lua": build,
      "lib/bad_test.lua": bad,
      "lib/build.lua": build,
    });
    expect(stdout).toBe(`✗ lib/bad_test.lua (3 tests, 2 failed, 1 skipped) TIME
  ✗ wrong variable TIME
    | looking
  ✗ wrong script TIME
  - later (skipped)

✗ lib/bad_test.lua > wrong variable
lib/bad_test.lua:4: expect:has_exec: no step matches {args = "go build", env = {CGO_ENABLED = "1"}}; the only one is step #2 (build.lua:3)
  2 |   local build = test.script("build.lua", {args = {VERSION = "1"}})
  3 |   print("looking")
> 4 |   expect(build):has_exec({args = "go build", env = {CGO_ENABLED = "1"}})
    |                                                                    ^
  5 | end)
  6 | test("wrong script", function() test.script("build.lua") end)
  - expected  + actual
    {
      args = "go build -o /app 1",
      env = {
  -     CGO_ENABLED = "1",
  +     CGO_ENABLED = "0",
      },
    }

✗ lib/bad_test.lua > wrong script
build.lua:1: bk.arg: the build argument "VERSION" is required
> 1 | local version = bk.arg("VERSION", {required = true})
    |                         ^^^^^^^
  2 | local base = bk.image("golang:1.25")
  3 | bk.export(base:run("go build -o /app " .. version, {env = {CGO_ENABLED = "0"}}), {entrypoint = {"/app"}})
hint: --build-arg VERSION=VALUE

3 tests in 1 file: 2 failed, 0 passed, 1 skipped TIME
`);
    expect([exitCode, stderr]).toEqual([1, ""]);
  });

  test("what is printed cannot drive a terminal, and there are no colours without one", async () => {
    const text = `test("\\27[31mred\\27[0m", function() print("\\27[2J") expect("\\27[1m"):equals("b") end)`;
    const { stdout } = await runIn({ "a_test.lua": text });
    expect(stdout).toContain('+ "\\x1b[1m"');
    expect(stdout).not.toContain("\u001b");
  });
});

describe.concurrent("broken and endless", () => {
  test("a file that is no Lua is a failure; the others run", async () => {
    const files = {
      "a_test.lua": "test(",
      "b_test.lua": 'test("b", function() end)',
      "c_test.lua": 'error("at once")',
    };
    const { exitCode, stdout } = await runIn(files, ["-j", "1"]);
    expect(stdout).toContain(
      "✗ a_test.lua (0 tests) TIME\n  ✗ unexpected symbol near the end of the file\n✓ b_test.lua (1 test) TIME\n✗ c_test.lua",
    );
    expect(stdout).toContain("\n1 test in 3 files: 2 files broken, 1 passed TIME\n");
    expect(exitCode).toBe(1);
  });

  test("loops, patterns and scripts that never end fail their tests, at their lines", async () => {
    const text = `test("loop", function()
  while true do pcall(error) end
end)
test("pattern", function()
  string.rep("a", 1e5):find(string.rep("a*", 50) .. "b")
end)
test("script", function() pcall(test.script, "endless.lua") end)
test("after", function() end)`;
    const files = {
      "a_test.lua": text,
      "b_test.lua": 'test("b", function() end)',
      "endless.lua": "local x = 1\\nrepeat until false".replace("\\n", "\n"),
    };
    const { exitCode, stdout } = await runIn(files, ["--timeout", "1s"]);
    expect(stdout).toContain("a_test.lua (4 tests, 3 failed)");
    expect(stdout).toContain("\na_test.lua:2: the script ran for more than TIME\n");
    expect(stdout).toContain("\na_test.lua:4: the test ran for more than TIME, the last of it in one call");
    expect(stdout).toContain("\nendless.lua:2: the script ran for more than TIME\n");
    expect(stdout).toContain("\n5 tests in 2 files: 3 failed, 2 passed TIME\n");
    expect(exitCode).toBe(1);
  });

  test("a test that eats memory fails, and those after it run", async () => {
    const text = `test("memory", function()
  local text = ("x"):rep(2 ^ 20)
  while true do text = text .. text end
end)
test("after", function() end)`;
    const { exitCode, stdout } = await runIn({ "a_test.lua": text });
    expect(stdout).toContain("\na_test.lua:3: the script uses more than 512 MiB of memory\n");
    expect(stdout).toContain("\n2 tests in 1 file: 1 failed, 1 passed TIME\n");
    expect(exitCode).toBe(1);
  });

  test("tests have no more than scripts", async () => {
    const names = ["io.open", "os.execute", "os.remove", "debug.getinfo", "dofile", "loadfile", "package.loadlib"];
    const text = names.map(
      (name) => `test("${name}", function() expect(function() ${name}("x") end):fails("is not available") end)`,
    );
    const { stdout } = await runIn({
      "a_test.lua": `${text.join("\n")}\ntest("env", function() expect(os.getenv("HOME")):equals(nil) end)`,
    });
    expect(stdout).toContain(`${names.length + 1} passed`);
  });
});

describe.concurrent("choosing", () => {
  const files = { "build.lua": build, "a_test.lua": bad, "b_test.lua": good };

  test("--filter, --list and files", async () => {
    const listed = await runIn(files, ["--list"]);
    expect(listed.stdout).toBe(
      "a_test.lua > wrong variable\na_test.lua > wrong script\na_test.lua > later\nb_test.lua > one\nb_test.lua > group > two\n",
    );
    const json = await runIn(files, ["--list", "--format", "json", "b_test.lua"]);
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      files: [
        {
          file: "b_test.lua",
          tests: [
            { name: ["one"], line: expect.any(Number) },
            { name: ["group", "two"], line: expect.any(Number) },
          ],
        },
      ],
    });
    const written = await runIn(files, ["--list", "--format=json", "-o", "x.json", "b_test.lua"]);
    expect(written.stdout).toBe("b_test.lua > one\nb_test.lua > group > two\n");
    const filtered = await runIn(files, ["--filter", "B_TEST*two"]);
    expect(filtered.stdout).toBe("✓ b_test.lua (1 test) TIME\n\n1 test in 2 files: 1 passed TIME\n");
    expect((await runIn(files, ["b_test.lua"])).exitCode).toBe(0);
  });

  test("--bail starts nothing after a failure, and says so", async () => {
    const { exitCode, stdout } = await runIn(files, ["--bail", "-j", "1"]);
    expect(stdout).toContain("\nnot run: b_test.lua\n3 tests in 1 file: 2 failed");
    expect(exitCode).toBe(1);
  });

  test.each([
    [["--filter", "nothing"], "no test is like that"],
    [["--list", "--format", "tap"], "--format tap is for tests that run"],
    [["--list", "--junit", "x.xml"], "--junit is for tests that run"],
    [["--list", "--filter", "nothing"], "no test is like that"],
    [["nowhere"], 'there is no "nowhere"'],
    [["-j", "0"], '"0" is not a number of files'],
    [["--addr", "unix:///x"], "--addr is for tests that build on a daemon"],
    [["--format", "xml"], '"xml" is not known'],
  ])("%j is wrong usage", async (args, message) => {
    const { exitCode, stderr } = await runIn(files, args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("no tests are wrong usage", async () => {
    const { exitCode, stderr } = await runIn({ "build.lua": build });
    expect(stderr).toBe("error: there are no tests here\nhint: tests are in files named *_test.lua\n");
    expect(exitCode).toBe(2);
  });

  test("test.only fails with CI=true", async () => {
    const text = 'test.only("a", function() end)\ntest("b", function() end)';
    expect((await runIn({ "a_test.lua": text })).exitCode).toBe(0);
    const inCi = await runIn({ "a_test.lua": text }, [], { CI: "true" });
    expect(inCi.stdout).toContain("a_test.lua:1: test.only keeps the other tests of the file from running");
    expect(inCi.exitCode).toBe(1);
  });
});

test.concurrent("snapshots are written, compared, renewed, and missed in CI", () =>
  inDirectory(async (directory) => {
    const text =
      'test("graph", function() expect(test.script("build.lua", {args = {VERSION = "1"}})):matches_snapshot() end)';
    writeFiles(directory, { "build.lua": build, "a_test.lua": text });
    const snapshot = join(directory, "a_test.snap");
    const missing = await run(directory, [], { CI: "true" });
    expect([missing.exitCode, existsSync(snapshot)]).toEqual([1, false]);
    expect((await run(directory, [])).stdout).toContain("\nsnapshots: 1 written\n");
    expect(readFileSync(snapshot, "utf8")).toContain(
      "= graph 1\n  #1 Source docker-image://docker.io/library/golang:1.25\n",
    );
    writeFiles(directory, { "build.lua": `-- moved\n${build}` });
    expect((await run(directory, [], { CI: "true" })).exitCode).toBe(0);
    writeFiles(directory, { "build.lua": build.replace('CGO_ENABLED = "0"', 'CGO_ENABLED = "1"') });
    const changed = await run(directory, []);
    expect(changed.stdout).toContain("  -    env       CGO_ENABLED=0\n  +    env       CGO_ENABLED=1\n");
    expect(changed.stdout).toContain("\nhint: luakit test --update writes it anew\n");
    expect((await run(directory, ["-u"])).stdout).toContain("\nsnapshots: 1 updated\n");
    writeFiles(directory, { "a_test.lua": 'test("other", function() end)' });
    expect((await run(directory, [])).stdout).toContain(
      "! 1 snapshot that no test asks for; --update removes it:\n  a_test.lua: graph 1\n",
    );
    await run(directory, ["--update"]);
    expect(existsSync(snapshot)).toBe(false);
  }));

describe.concurrent("reports", () => {
  const odd = `test("<&> \\"quoted\\" \\1", function() error("]]> & <b>") end)`;
  const files = { "build.lua": build, "a_test.lua": bad, "b_test.lua": good, "c_test.lua": odd, "d_test.lua": "test(" };

  test("JUnit's XML is XML and says what happened", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, files);
      const { stdout } = await run(directory, ["--junit", "report.xml"]);
      expect(stdout).toContain("6 tests in 4 files");
      const [suites, cases] = await readXml(join(directory, "report.xml"));
      expect(suites).toEqual([
        { tests: "7", failures: "3", errors: "1", skipped: "1" },
        { tests: "3", failures: "2", errors: "0", skipped: "1" },
        { tests: "2", failures: "0", errors: "0", skipped: "0" },
        { tests: "1", failures: "1", errors: "0", skipped: "0" },
        { tests: "1", failures: "0", errors: "1", skipped: "0" },
      ]);
      expect(cases).toEqual([
        ["a_test.lua", "wrong variable", ["failure", "system-out"]],
        ["a_test.lua", "wrong script", ["failure"]],
        ["a_test.lua", "later", ["skipped"]],
        ["b_test.lua", "one", []],
        ["b_test.lua > group", "two", []],
        ["c_test.lua", '<&> "quoted" \ufffd', ["failure"]],
        ["d_test.lua", "(the file itself)", ["error"]],
      ]);
    }));

  test("JSON and TAP, to stdout and to a file", () =>
    inDirectory(async (directory) => {
      writeFiles(directory, files);
      const [json, tap] = await Promise.all([
        run(directory, ["--format", "json"]),
        run(directory, ["--format", "tap", "-o", "report.tap"]),
      ]);
      const document = JSON.parse(json.stdout);
      expect(document).toMatchObject({
        version: 1,
        files: [{ file: "a_test.lua" }, {}, {}, { error: { code: "script.syntax" } }],
      });
      expect(document.files[0].tests[0]).toMatchObject({
        name: ["wrong variable"],
        line: 1,
        outcome: "failed",
        output: ["looking"],
        failures: [
          {
            code: "test.failed",
            file: "a_test.lua",
            line: 4,
            difference: expect.arrayContaining(['-     CGO_ENABLED = "1",']),
          },
        ],
      });
      expect(tap.stdout).toContain("6 tests in 4 files");
      const lines = readFileSync(join(directory, "report.tap"), "utf8")
        .split("\n")
        .filter((line) => !line.startsWith("#"));
      expect(lines).toEqual([
        "TAP version 13",
        "1..7",
        "not ok 1 - a_test.lua > wrong variable",
        "not ok 2 - a_test.lua > wrong script",
        "ok 3 - a_test.lua > later # SKIP",
        "ok 4 - b_test.lua > one",
        "ok 5 - b_test.lua > group > two",
        'not ok 6 - c_test.lua > <&> "quoted"',
        "not ok 7 - d_test.lua",
        "",
      ]);
    }));
});

type Case = [suite: string, name: string, parts: string[]];

/** A report as Python's parser reads it. */
async function readXml(path: string): Promise<[Record<string, string>[], Case[]]> {
  await installPrograms({ python3: "python3" });
  const program = `import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
pick = lambda e: {k: e.attrib[k] for k in ("tests", "failures", "errors", "skipped")}
print(json.dumps([[pick(root)] + [pick(s) for s in root], [[c.attrib["classname"], c.attrib["name"], [p.tag for p in c]] for c in root.iter("testcase")]]))`;
  const { stdout, stderr } = await capture([needProgram("python3"), "-c", program, path]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("an interrupt ends the tests and their processes", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, { "a_test.lua": 'test("a", function() while true do end end)', "b_test.lua": good });
    const mark = `mark-${crypto.randomUUID()}`;
    const running = startLuakit(["test", "-j", "1"], { cwd: directory, env: { MARK: mark } });
    await until(() => processesWithVariable(mark).length === 2);
    await Bun.sleep(200);
    const started = performance.now();
    running.signal("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(performance.now() - started).toBeLessThan(2000);
    expect(exitCode).toBe(130);
    expect(stderr).toContain("the tests were interrupted");
    await until(() => processesWithVariable(mark).length === 0);
  }));

const { addr, v012, v021, docker, registry } = testbed();
const buildkits = Object.entries({ "the newest BuildKit": addr, "v0.21": v021?.addr, "v0.12": v012?.addr }).flatMap(
  ([name, daemon]) => (daemon === undefined ? [] : [[name, "BUILDKIT_HOST", daemon] as const]),
);
const engines = docker === undefined ? [] : [["an old Docker Engine", "DOCKER_HOST", docker.host] as const];

const solving = `local base = bk.image("${registry}/busybox:latest")
test("files and programs", function()
  local solved = test.solve(base:run("mkdir /out && echo hello > /out/file && ln -s file /out/link && chmod 4755 /out/file"))
  expect(solved:read("/out/file")):equals("hello\\n")
  expect({solved:exists("/out/link"), solved:exists("/nothing")}):equals({true, false})
  expect(solved:stat("/out")):contains({type = "directory", mode = "0755", uid = 0})
  expect(solved:list("/out")):contains({{path = "file", type = "file", mode = "4755", size = 6}, {path = "link", type = "symlink", target = "file"}})
  expect(solved:run("cat /out/file; echo err >&2; exit 3")):equals({code = 3, stdout = "hello\\n", stderr = "err\\n"})
  expect(solved:run({"cat"}, {stdin = "a\\0b"})):equals({code = 0, stdout = "a\\0b", stderr = ""})
  expect(solved:run("echo $A; pwd; id -u", {env = {A = "b"}, cwd = "/out", user = "1000"}).stdout):equals("b\\n/out\\n1000\\n")
  expect(solved:run({"/no/program"})):contains({code = 1, stderr = test.pattern("no such file")})
  expect(function() solved:read("/nothing") end):fails('there is no "/nothing"')
  expect(solved.config.cmd):equals({"sh"})
end)
test("secrets and directories", function()
  local step = base:run("cat /run/secrets/key /src/data.txt > /got", {no_cache = true, mounts = {bk.secret("/run/secrets/key"), bk.bind(bk.local_("data"), "/src")}})
  expect(test.solve(step, {secrets = {key = "text of it "}, locals = {data = "data"}}):read("/got")):equals("text of it of a file")
end)
test("a step that fails", function()
  expect(function() test.solve(base:run("echo why; exit 7", {no_cache = true})) end):fails("exit code: 7", {line = 20, file = "a_test.lua"})
  expect(function() test.solve(base:run("echo why; exit 7", {no_cache = true})) end):fails("\\n  why")
end)
test("its time does not count", function() test.solve(base:run("sleep 1.2", {no_cache = true})) end)
`;

describe.concurrent("--solve", () => {
  test.each([...buildkits, ...engines])("tests build on %s", async (_, variable, host) => {
    const files = { "a_test.lua": solving, "data/data.txt": "of a file" };
    const { exitCode, stdout } = await runIn(files, ["--solve", "--timeout", "1s"], { [variable]: host });
    expect(stdout).toBe("✓ a_test.lua (4 tests) TIME\n\n4 tests in 1 file: 4 passed TIME\n");
    expect(exitCode).toBe(0);
  });

  test("without it such tests are skipped, and that is said", async () => {
    const { exitCode, stdout } = await runIn({ "a_test.lua": solving });
    expect(stdout).toContain(
      "\n! 4 tests skipped that need a daemon: luakit test --solve\n4 tests in 1 file: 0 passed, 4 skipped TIME\n",
    );
    expect(exitCode).toBe(0);
  });

  test("without a daemon nothing is run", async () => {
    const { exitCode, stdout } = await runIn({ "a_test.lua": solving }, ["--solve", "--addr", "unix:///nowhere.sock"]);
    expect([exitCode, stdout]).toEqual([125, ""]);
  });

  test("a build that is interrupted ends at once", () =>
    inDirectory(async (directory) => {
      const text = `test("a", function() test.solve(bk.image("${registry}/busybox:latest"):run("sleep 60", {no_cache = true})) end)`;
      writeFiles(directory, { "a_test.lua": text });
      const mark = `mark-${crypto.randomUUID()}`;
      const running = startLuakit(["test", "--solve", "--addr", addr], { cwd: directory, env: { MARK: mark } });
      await until(() => processesWithVariable(mark).length === 2);
      await Bun.sleep(700);
      const started = performance.now();
      running.signal("SIGINT");
      const { exitCode } = await running.ended;
      expect([exitCode, performance.now() - started < 2000]).toEqual([130, true]);
      await until(() => processesWithVariable(mark).length === 0);
    }));
});

test.concurrent("examples/tested has tests that pass, and snapshots that are complete", () =>
  inDirectory(async (copy) => {
    cpSync(exampleDirectory("tested"), copy, { recursive: true });
    const { exitCode, stdout } = await run(copy, ["--solve", "--addr", addr], { CI: "true" });
    expect(stdout).toContain("9 tests in 2 files: 9 passed TIME\n");
    expect(stdout).not.toContain("snapshot");
    expect(exitCode).toBe(0);
    rmSync(join(copy, "hello.sh"));
    const broken = await run(copy, ["--solve", "--addr", addr, "solve_test.lua"]);
    expect(broken.stdout).toContain("\nbuild.lua:");
    expect(broken.exitCode).toBe(1);
  }));
