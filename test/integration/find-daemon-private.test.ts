import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { luakit, unique } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { processesWith } from "../support/processes.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const scratch = mkdtempSync(join(tmpdir(), "luakit-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A home of its own with a script that runs `command`, and an environment in which buildkitd is on PATH. */
function prepare(command = "true", buildkitd = dirname(bed.buildkitd)) {
  const home = mkdtempSync(join(scratch, "home-"));
  writeFileSync(
    join(home, "build.lua"),
    `bk.export(bk.image("${bed.images.busybox}"):run(${JSON.stringify(command)}))\n`,
  );
  const run = join(home, "run");
  mkdirSync(run, { mode: 0o700 });
  const env = {
    HOME: home,
    PATH: `${buildkitd}:${process.env.PATH}`,
    XDG_RUNTIME_DIR: run,
    DOCKER_HOST: `unix://${home}/no-docker.sock`,
  };
  return { home, run, env, data: join(home, ".local/share/luakit/buildkit") };
}

const solve = ["build", "--solve", "--daemonless", "--progress", "plain"];

/** Waits, for ten seconds at most. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (isSo()) return;
    await Bun.sleep(20);
  }
  throw new Error(`not within ten seconds: ${what}`);
}

const ended = (home: string) => until("the daemon has ended", () => processesWith(home).length === 0);

test("a build starts a buildkitd, leaves none behind, and finds its cache again", async () => {
  const { home, run, env } = prepare(`echo ${unique()}`);
  const first = await runLuakit(solve, { cwd: home, env });
  expect(first).toMatchObject({ exitCode: 0 });
  expect(processesWith(home)).toEqual([]);
  expect(readdirSync(run)).toEqual([]);
  const second = await runLuakit(solve, { cwd: home, env });
  expect(second).toMatchObject({ exitCode: 0 });
  expect(first.stderr).not.toContain("CACHED");
  expect(second.stderr).toContain("CACHED");
  expect(processesWith(home)).toEqual([]);
});

test("it is the last that is tried, when there is no other daemon", async () => {
  const { home, env } = prepare();
  const { exitCode, stdout } = await runLuakit(["info", "--format", "json"], { cwd: home, env });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: bed.version, source: "a private buildkitd" });
});

test.skipIf(bed.v012 === undefined)(
  "the oldest buildkitd, which lacks a flag of the newest, is started too",
  async () => {
    const { home, env } = prepare("true", dirname(bed.v012?.buildctl ?? ""));
    const { exitCode, stdout } = await runLuakit(["info", "--daemonless", "--format", "json"], { cwd: home, env });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).version).toBe(bed.v012?.version);
    await ended(home);
  },
);

test("its cache can be looked at and pruned between builds", async () => {
  const { home, env } = prepare(`echo ${unique()}`);
  const totals = async () => {
    const { stdout } = await runLuakit(["du", "--daemonless", "--format", "json"], { cwd: home, env });
    return JSON.parse(stdout).totals;
  };
  await runLuakit(solve, { cwd: home, env });
  expect((await totals()).total).toBeGreaterThan(1_000_000);
  const pruned = await runLuakit(["prune", "--daemonless", "--all"], { cwd: home, env });
  expect(pruned.stdout).toMatch(/^Total +[\d.]+MB in \d+ records$/m);
  expect((await totals()).total).toBe(0);
});

test("builds at the same time share one daemon", async () => {
  const { home, env } = prepare("sleep 1; echo one");
  const other = join(home, "other.lua");
  writeFileSync(other, readFileSync(join(home, "build.lua"), "utf8").replace("one", "two"));
  const builds = [solve, [...solve, other], [...solve, other]].map((args) => runLuakit(args, { cwd: home, env }));
  await until("a step runs", () => processesWith("sleep 1; echo").length > 0);
  const daemons = processesWith(home).filter((command) => command.startsWith(bed.buildkitd));
  expect(daemons).toHaveLength(1);
  for (const { exitCode, stderr } of await Promise.all(builds))
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  await ended(home);
});

test("a daemon that one build started stays for another that uses it still", async () => {
  const { home, env } = prepare("sleep 0.5");
  const other = join(home, "other.lua");
  writeFileSync(other, readFileSync(join(home, "build.lua"), "utf8").replace("sleep 0.5", "sleep 2; echo done"));
  const short = runLuakit(solve, { cwd: home, env });
  await until("a step runs", () => processesWith("sleep 0.5").length > 0);
  const long = runLuakit([...solve, other], { cwd: home, env });
  expect(await short).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await long;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain("done");
  await ended(home);
});

test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
  "luakit that ends by %s leaves neither a daemon nor a step",
  async (signal) => {
    const mark = `${Math.floor(Math.random() * 1e9) + 1e9}`;
    const { home, run, env } = prepare(`sleep ${mark}`);
    const child = Bun.spawn([luakit, ...solve], { cwd: home, env, stdout: "ignore", stderr: "ignore" });
    await until("the step runs", () => processesWith(`sleep ${mark}`).some((command) => command.startsWith("sleep")));
    child.kill(signal);
    const exitCode = await child.exited;
    if (signal !== "SIGKILL") expect(exitCode).toBe(130);
    await ended(home);
    await until("the step has ended", () => processesWith(`sleep ${mark}`).length === 0);
    expect(readdirSync(run)).toEqual([]);
    // What was left is no hindrance.
    expect(await runLuakit(["info", "--daemonless"], { cwd: home, env })).toMatchObject({ exitCode: 0 });
  },
);

test("luakit that is killed while the daemon starts leaves nothing either", async () => {
  const bin = mkdtempSync(join(scratch, "bin-"));
  // No other process of the machine sleeps as long.
  const sleep = `sleep ${1_000_000 + process.pid}`;
  writeFileSync(join(bin, "buildkitd"), `#!/bin/sh\nexec ${sleep}\n`);
  chmodSync(join(bin, "buildkitd"), 0o755);
  const { home, env, run } = prepare("true", bin);
  const child = Bun.spawn([luakit, "info", "--daemonless"], { cwd: home, env, stdout: "ignore", stderr: "ignore" });
  await until("the daemon starts", () => readdirSync(run).length > 0 && processesWith(sleep).length > 0);
  child.kill("SIGKILL");
  await ended(home);
  await until("its directory has gone", () => readdirSync(run).length === 0);
});

test("a daemon that does not start shows its log", async () => {
  const bin = mkdtempSync(join(scratch, "bin-"));
  const stack = "printf 'main.main\\n\\t/src/main.go:12\\n' >&2";
  writeFileSync(join(bin, "buildkitd"), `#!/bin/sh\necho "no overlay here: $*" >&2\n${stack}\nexit 1\n`);
  chmodSync(join(bin, "buildkitd"), 0o755);
  const { home, env, data } = prepare("true", bin);
  const { exitCode, stdout, stderr } = await runLuakit(["info", "--daemonless"], { cwd: home, env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: "" });
  expect(stderr).toStartWith(`error: the private buildkitd did not start:\n  no overlay here: --root ${data}/root `);
  expect(stderr).toEndWith(`hint: its whole log is ${data}/buildkitd.log\n`);
  expect(stderr).not.toContain("main.");
  expect(readFileSync(join(data, "buildkitd.log"), "utf8")).toContain("main.go:12");
});

test("without buildkitd --daemonless says what is missing", async () => {
  const { home, env } = prepare("true", "/nowhere");
  const { exitCode, stderr } = await runLuakit(["info", "--daemonless"], { cwd: home, env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 125, stderr: "error: there is no buildkitd on PATH\n" });
});

test("the note of a daemon that has gone is no hindrance", async () => {
  const { home, run, env, data } = prepare();
  mkdirSync(data, { recursive: true });
  for (const left of [{ run: join(run, "luakit-gone") }, { run: 7 }, "nonsense"]) {
    writeFileSync(join(data, "running.json"), typeof left === "string" ? left : JSON.stringify(left));
    expect(await runLuakit(["info", "--daemonless"], { cwd: home, env })).toMatchObject({ exitCode: 0 });
  }
  const stale = join(run, "luakit-stale");
  mkdirSync(stale);
  Bun.spawnSync(["mkfifo", join(stale, "users")]);
  writeFileSync(join(data, "running.json"), JSON.stringify({ run: stale }));
  expect(await runLuakit(["info", "--daemonless"], { cwd: home, env })).toMatchObject({ exitCode: 0 });
  expect(readdirSync(run)).toEqual([]);
});

test("a daemon that ends without a word is told with its exit code", async () => {
  const bin = mkdtempSync(join(scratch, "bin-"));
  writeFileSync(join(bin, "buildkitd"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const { home, env } = prepare("true", bin);
  const { exitCode, stderr } = await runLuakit(["info", "--daemonless"], { cwd: home, env });
  expect(stderr).toBe("error: the private buildkitd did not start: it ends with exit code 3, and says nothing\n");
  expect(exitCode).toBe(125);
});

test("a place for its cache that cannot be is told beside the other places", async () => {
  const { home, env } = prepare();
  const file = join(home, "build.lua");
  const variables = { ...env, XDG_DATA_HOME: file };
  const reason =
    `the private buildkitd cannot use its directory ${file}/luakit/buildkit, which XDG_DATA_HOME moves: ` +
    "a part of the path is no directory\n";
  const { exitCode, stderr } = await runLuakit(["info"], { cwd: home, env: variables });
  expect(stderr).toStartWith("error: there is no BuildKit daemon to talk to\n  unix://");
  expect(stderr).toContain(`  a private buildkitd: ${reason}`);
  expect(exitCode).toBe(125);
  const chosen = await runLuakit(["info", "--daemonless"], { cwd: home, env: variables });
  expect(chosen).toMatchObject({ exitCode: 125, stderr: `error: ${reason}` });
});

test("a directory that cannot be made for a run is told with its place", async () => {
  const { home, env } = prepare();
  const run = join(home, "build.lua");
  const { exitCode, stderr } = await runLuakit(["info", "--daemonless"], {
    cwd: home,
    env: { ...env, XDG_RUNTIME_DIR: run },
  });
  expect(stderr).toBe(
    `error: a private buildkitd cannot be started: cannot make a directory in ${run}: a part of the path is no directory\n`,
  );
  expect(exitCode).toBe(125);
});
