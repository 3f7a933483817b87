import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, unique, writeFiles } from "../../support/build.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { megabytes, type SampledRun, sampled } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, tell } from "../effort.ts";

/** Builds at the same time. */
const builds = effort(3, 100);
const isLong = builds > 10;
/** Files of each context, each of which says whose it is. */
const files = effort(5, 100);
/** Steps that the daemon runs at a time: on few processors more of them only wait for each other. */
const maxParallelism = 4;

setDefaultTimeout(60_000 + builds * 30_000);

const { buildctl, images } = testbed();
let daemon: OwnBuildkitd;
let scratch: string;
beforeAll(async () => {
  daemon = await startOwnBuildkitd({ maxParallelism, debug: true });
  scratch = mkdtempSync(join(tmpdir(), "luakit-load-"));
});
afterAll(async () => {
  await daemon?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** A step that says what it sees: files of the context, a secret, an argument. Every build has the same names for them. */
const script = `
local context = bk.local_("context", {include = {"files"}})
local step = bk.image("${images.busybox}"):run("cat /in/files/* /run/secrets/mine > /out/all; echo $WHO >> /out/all; echo said $WHO", {
  env = {WHO = bk.arg("WHO")},
  mounts = {bk.bind(context, "/in"), bk.secret("/run/secrets/mine"), bk.bind(bk.scratch(), "/out", {readonly = false})},
})
bk.export(step:mount("/out"):copy(context, "files", "/copied"))`;

/** The same as a Dockerfile, which the daemon's own frontend reads for a script. */
const dockerfile = `FROM ${images.busybox} AS step
ARG WHO
RUN --mount=type=bind,target=/in --mount=type=secret,id=mine mkdir /out && \\
  cat /in/files/* /run/secrets/mine > /out/all; echo $WHO >> /out/all; echo said $WHO
FROM scratch
COPY --from=step /out /
COPY files /copied
`;
const gatewayScript = `bk.export(bk.dockerfile({build_args = {WHO = bk.arg("WHO")}}))`;

interface Build {
  readonly directory: string;
  readonly who: string;
}

function makeBuild(name: string, text: string): Build {
  const directory = join(scratch, name);
  const who = `${name}-${unique()}`;
  mkdirSync(directory);
  const own = Array.from({ length: files }, (_, index) => [`files/f${index}`, `${index} of ${who}\n`]);
  writeFiles(directory, { ...Object.fromEntries(own), "build.lua": text, Dockerfile: dockerfile, secret: `${who}!\n` });
  return { directory, who };
}

function expectOwn({ directory, who }: Build, result: SampledRun, others: readonly Build[]): void {
  const names = Array.from({ length: files }, (_, index) => `f${index}`).sort();
  const contents = names.map((name) => readFileSync(join(directory, "files", name), "utf8")).join("");
  expect(readFileSync(join(directory, "out/all"), "utf8")).toBe(`${contents}${who}!\n${who}\n`);
  expect(readdirSync(join(directory, "out/copied")).sort()).toEqual(names);
  expect(readdirSync(join(directory, "out")).sort()).toEqual(["all", "copied"]);
  expect(result.stderr.split(`said ${who}`).length).toBeGreaterThan(1);
  for (const other of others) if (other.who !== who) expect(result.stderr).not.toContain(other.who);
}

/** Connections that the daemon holds, and goroutines that serve a session. */
async function heldByDaemon(): Promise<{ readonly connections: number; readonly sessions: number }> {
  const held = readFileSync("/proc/net/unix", "utf8").split("\n");
  // 03: connected.
  const connections = held.filter((line) => line.includes(" 03 ") && line.includes(daemon.directory)).length;
  const stacks = await (await fetch(`${daemon.debug}/debug/pprof/goroutine?debug=2`)).text();
  expect(stacks).toContain("goroutine ");
  return { connections, sessions: stacks.split("session.(*Manager).handleConn").length - 1 };
}

async function expectNothingHeld(): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await Bun.sleep(50)) {
    const { connections, sessions } = await heldByDaemon();
    if (connections === 0 && sessions === 0) return;
  }
  expect(await heldByDaemon()).toEqual({ connections: 0, sessions: 0 });
}

function tellRuns(what: string, runs: readonly SampledRun[], milliseconds: number): void {
  const peaks = runs.map(({ memory }) => memory.peak).sort((a, b) => a - b);
  tell(`load: ${what}`, {
    builds: runs.length,
    "MB in the middle": megabytes(peaks[Math.floor(peaks.length / 2)] ?? 0),
    "MB at most": megabytes(peaks.at(-1) ?? 0),
    "s in total": Math.round(milliseconds / 1000),
  });
}

async function buildAtOnce(what: string, texts: readonly string[]): Promise<void> {
  const name = what.replaceAll(/\W+/g, "-");
  const all = texts.map((text, index) => makeBuild(`${name}-${index}`, text));
  const began = performance.now();
  const runs = await Promise.all(
    all.map(({ directory, who }) => {
      const words = ["build", "--solve", "--addr", daemon.addr, "--progress=plain", `--build-arg=WHO=${who}`];
      return sampled([luakit, ...words, "--secret=id=mine,src=secret", "-o", "out"], { cwd: directory });
    }),
  );
  tellRuns(what, runs, performance.now() - began);
  for (const [index, build] of all.entries()) {
    const run = runs[index];
    if (run !== undefined) expectOwn(build, run, all);
    expect(run?.memory.peak).toBeLessThan(250e6);
  }
  await expectNothingHeld();
}

describe(`${builds} builds at once on one daemon`, () => {
  const scripts = new Array<string>(builds).fill(script);
  const dockerfiles = new Array<string>(builds).fill(gatewayScript);

  if (!isLong) {
    test("get what is theirs, with a Dockerfile or without, and leave no session", () =>
      buildAtOnce("builds at once", [...scripts, gatewayScript]));
    return;
  }

  test("get what is theirs, and leave no session", () => buildAtOnce("builds at once", scripts));

  test("with a Dockerfile each", () => buildAtOnce("builds at once, with bk.dockerfile", dockerfiles));

  test("beside as many of buildctl", async () => {
    const all = Array.from({ length: builds }, (_, index) => makeBuild(`buildctl-${index}`, script));
    for (const { directory, who } of all) {
      const { exitCode } = Bun.spawnSync([luakit, "build", `--build-arg=WHO=${who}`, "-o", "build.pb"], {
        cwd: directory,
      });
      expect(exitCode).toBe(0);
    }
    const began = performance.now();
    const runs = await Promise.all(
      all.map(({ directory }) => {
        const inputs = ["--local=context=.", "--secret=id=mine,src=secret", "--output=type=local,dest=out"];
        const words = ["--addr", daemon.addr, "build", "--progress=plain", ...inputs];
        return sampled([buildctl, ...words], { cwd: directory, stdin: Bun.file(join(directory, "build.pb")) });
      }),
    );
    tellRuns("builds at once, by buildctl", runs, performance.now() - began);
  });
});
