import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LuakitResult, runLuakit, writeScript } from "../../support/luakit.ts";
import { effort, tell } from "../effort.ts";
import { Choice } from "./choice.ts";
import { confusedScript } from "./confused-script.ts";
import { type Hog, hogScript } from "./hog-script.ts";
import { describeFailures, inLanes } from "./lanes.ts";
import { probeScript } from "./probe-script.ts";
import { validScript } from "./valid-script.ts";
import { unseemlyWord } from "./verdict.ts";
import { wrapModule } from "./wrap.ts";

setDefaultTimeout(24 * 3_600_000);

/** What the machine may be late by when it has other work. */
const slack = process.env.LUAKIT_STRESS === undefined ? 2500 : 10_000;
const memoryCap = 512 << 20;

async function inPlace<T>(script: string, use: (place: string) => Promise<T>): Promise<T> {
  const outer = mkdtempSync(join(tmpdir(), "luakit-script-"));
  const place = join(outer, "inner");
  try {
    writeScript(place, script, { "m.lua": wrapModule });
    return await use(place);
  } finally {
    rmSync(outer, { recursive: true, force: true });
  }
}

/** What no run may do, whatever the script is. */
function misdeeds(what: string, { exitCode, stdout, stderr }: LuakitResult): string[] {
  const problems: string[] = [];
  if (exitCode !== 0 && exitCode !== 1) problems.push(`${what} exits with ${exitCode}`);
  const word = unseemlyWord(stderr);
  if (word !== undefined) problems.push(`${what} says "${word}": ${stderr.slice(-1500)}`);
  const control = /[^\P{Cc}\n\t]/u.exec(stderr)?.[0];
  if (control !== undefined) problems.push(`${what} writes the control character ${JSON.stringify(control)}`);
  const said = what === "validate" ? stdout : stderr;
  if (exitCode === 1 && !/(?:^|")[\w.]+\.lua:\d+|^error: |"line":/m.test(said))
    problems.push(`${what} names no line: ${said.slice(-500)}`);
  return problems;
}

test("the commands agree about scripts, and none crashes", async () => {
  const scripts = effort(2, 150);
  const failures = await inLanes(2, scripts, (index) => {
    const choice = new Choice("executable", index);
    const script = index % 2 === 0 ? validScript(choice, { calls: 30, odd: 5, remote: 5 }) : confusedScript(choice);
    return inPlace(script, async (cwd) => {
      const run = (...args: string[]) => runLuakit([...args, "--timeout=20s"], { cwd });
      const [one, two] = [
        await run("build", "--no-resolve", "-o", "one.pb"),
        await run("build", "--no-resolve", "-o", "two.pb"),
      ];
      const dag = await run("dag", "--format=json");
      const lint = await run("validate", "--format=json");
      const formatted = await runLuakit(["fmt", "-"], { cwd, stdin: script });
      const problems = Object.entries({ build: one, dag, validate: lint, fmt: formatted }).flatMap(([what, result]) =>
        misdeeds(what, result),
      );
      if (one.exitCode !== two.exitCode || one.stderr !== two.stderr) problems.push("a second build says other things");
      // What another frontend makes, and several platforms, are drawn and cannot be emitted.
      if (one.exitCode !== dag.exitCode && !/needs a daemon|a Definition holds one platform/.test(one.stderr))
        problems.push(`build exits with ${one.exitCode}, dag with ${dag.exitCode}`);
      if (one.exitCode === 0) {
        if (!readFileSync(join(cwd, "one.pb")).equals(readFileSync(join(cwd, "two.pb"))))
          problems.push("a second build gives other bytes");
        const emitted = await runLuakit(["dag", "--format=json", "one.pb"], { cwd });
        if (emitted.stdout !== dag.stdout) problems.push("the graph of the script is not that of its Definition");
      }
      return problems.length === 0 ? undefined : { kind: "executable", index, problems, script };
    });
  });
  tell("script: executable", { scripts, failures: failures.length });
  expect(describeFailures(failures)).toBe("");
});

const ends = {
  time: /ran for more than 1 s|uses more than 512 MiB|stack overflow|not enough memory/,
  growth: /uses more than 512 MiB|ran for more than 1 s|not enough memory|stack overflow/,
  depth: /stack overflow|overflow|ran for more than 1 s|uses more than 512 MiB|nested too deep/,
  graph: /ran for more than 1 s|Definition is above 64\.0 MiB|uses more than 512 MiB|a daemon takes no message above/,
};

function overreach({ kind }: Hog, { exitCode, stderr, milliseconds, memory }: LuakitResult): string[] {
  const problems: string[] = [];
  if (milliseconds > 2000 + slack) problems.push(`it ended after ${milliseconds} ms`);
  if (memory > memoryCap + (250 << 20)) problems.push(`it took ${memory >> 20} MiB`);
  // What swallows its own end may still be a build.
  if (exitCode === 1 && !ends[kind].test(stderr) && !/^\w+\.lua:\d+: /m.test(stderr))
    problems.push(`it ended with ${stderr.slice(-600)}`);
  return problems;
}

test("scripts that want everything end in time, and in little memory", async () => {
  const scripts = effort(3, 300);
  const outcomes = { "at a limit": 0, otherwise: 0 };
  const failures = await inLanes(2, scripts, (index) => {
    const hog = hogScript(new Choice("hog", index));
    return inPlace(hog.script, async (cwd) => {
      const result = await runLuakit(["build", "--no-resolve", "--timeout=1s", "-o", "build.pb"], { cwd });
      outcomes[ends[hog.kind].test(result.stderr) ? "at a limit" : "otherwise"]++;
      const shortened = { ...result, stderr: result.stderr.slice(-20_000) };
      const problems = [...misdeeds("build", shortened), ...overreach(hog, shortened)];
      return problems.length === 0 ? undefined : { kind: "hog", index, problems, script: hog.script };
    });
  });
  tell("script: resource hogs", { scripts, ...outcomes, failures: failures.length });
  expect(describeFailures(failures)).toBe("");
});

test("no script sees or touches what is outside of its sandbox", async () => {
  const scripts = effort(2, 200);
  let connections = 0;
  using listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: () => void connections++, data() {} },
  });
  const failures = await inLanes(2, scripts, (index) => {
    const choice = new Choice("probe", index);
    const canary = `canary-${choice.below(2 ** 31).toString(16)}`;
    return inPlace("", async (cwd) => {
      const secret = join(cwd, "../canary.lua");
      writeFileSync(secret, `return "${canary}"`);
      const script = probeScript(choice, index % 3 === 0 ? `http://127.0.0.1:${listener.port}/` : secret);
      writeFileSync(join(cwd, "build.lua"), script);
      const before = readdirSync(cwd);
      const env = { LUAKIT_CANARY: canary, BUILDKIT_HOST: `tcp://127.0.0.1:${listener.port}` };
      const result = await runLuakit(["build", "--no-resolve", "--timeout=10s", "-o", "/dev/null"], { cwd, env });
      const { stderr, stdout } = result;
      const problems = misdeeds("build", result);
      if (/^(?:LEAK|META)/m.test(stderr) || (stdout + stderr).includes(canary))
        problems.push(`it reads the canary: ${stderr}`);
      if (
        readdirSync(cwd).join() !== before.join() ||
        statSync(secret).mtimeMs > statSync(join(cwd, "build.lua")).mtimeMs
      )
        problems.push("it writes files");
      return problems.length === 0 ? undefined : { kind: "probe", index, problems, script };
    });
  });
  tell("script: sandbox", { scripts, connections, failures: failures.length });
  expect(describeFailures(failures)).toBe("");
  expect(connections).toBe(0);
});
