import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Layout } from "../../../scripts/testbed/layout.ts";
import { pushImage } from "../../../scripts/testbed/push.ts";
import { file, formatTar } from "../../../scripts/testbed/tar.ts";
import { inDirectory, unique } from "../../support/build.ts";
import { gatewayImage } from "../../support/gateway-image.ts";
import { runLuakit } from "../../support/luakit.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import { processesWithVariable } from "../../support/processes.ts";
import type { Running } from "../../support/running.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, isLong } from "../effort.ts";
import { randomBytes, type Work, works } from "./builds.ts";
import { type CaseEnd, runCases } from "./cases.ts";
import type { Random } from "./frame-faults.ts";
import { judge, type Wanted } from "./judge.ts";
import { asIs, openFaultProxy } from "./line.ts";
import { pick } from "./models.ts";
import { describeOutcome, runWork, type WorkSettings, wordsOf } from "./run-work.ts";

/** Milliseconds that a build may live on, or take at all. */
const patience = 30_000;

setDefaultTimeout(Math.max(180_000, effort(0, 3_600_000)));

const bed = testbed();
const busybox = `bk.image("${bed.images.busybox}")`;
const scratch = mkdtempSync(join(tmpdir(), "luakit-kill-"));
let daemon: OwnBuildkitd;
beforeAll(async () => {
  daemon = await startOwnBuildkitd();
});
afterAll(async () => {
  await daemon.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Works whose outcome is the same on every daemon. */
const chosen = works.filter(({ name }) => ["local", "context", "secret"].includes(name));

const durations = new Map<string, number>();
const outcomes = new Map<string, string>();

/** A moment of a work, and what comes of it: the first run of each work says how long it takes. */
async function momentOf(
  work: Work,
  settings: WorkSettings,
): Promise<{ readonly most: number; readonly outcome: string }> {
  if (!durations.has(work.name)) {
    const end = await runWork(work, settings);
    const wrong = judge(work, end, { statuses: [0], outcome: end.outcome });
    if (wrong.length > 0) throw new Error(`${work.name} fails by itself: ${wrong}\n${end.stderr}`);
    durations.set(work.name, end.milliseconds);
    outcomes.set(work.name, end.outcome);
  }
  return { most: Math.round((durations.get(work.name) ?? 1) * 1.1), outcome: outcomes.get(work.name) ?? "" };
}

/** Runs a work while something is killed, and looks at how it ended. */
async function runKilled(
  work: Work,
  settings: WorkSettings,
  kill: (running: Running, directory: string) => Promise<boolean> | boolean,
  wanted: Wanted,
): Promise<CaseEnd> {
  let struck = false;
  let struckAt = Date.now();
  const meanwhile = async (running: Running, directory: string) => {
    struck = await kill(running, directory);
    struckAt = Date.now();
    await Promise.race([running.ended, Bun.sleep(patience).then(() => running.signal("SIGKILL"))]);
  };
  const end = await runWork(work, { ...settings, meanwhile });
  const wrong = [...judge(work, end, wanted)];
  if (Date.now() - struckAt > patience) wrong.push("it does not end");
  return { struck, wrong, kind: `exit ${end.exitCode}`, text: `${work.name}: ${end.stderr.slice(-1500)}` };
}

/** Waits for a moment, or for the end. True while it runs. */
async function sleepWhile(running: Running, milliseconds: number): Promise<boolean> {
  return Promise.race([running.ended.then(() => false), Bun.sleep(milliseconds).then(() => true)]);
}

/** Kills a process if it is still there. */
function killNow(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

test("luakit: the daemon ends the build, no archive has its name, and the next build is right", async () => {
  await runCases("kill luakit", effort(1, 200), async (random) => {
    const work = pick(
      works.filter(({ script }) => script !== undefined),
      random,
    );
    const { most, outcome } = await momentOf(work, { addr: daemon.addr, random });
    const ref = join(scratch, unique());
    const flags = [`--ref-file=${ref}`];
    const wrong: string[] = [];
    let wasKilled = false;
    const afterwards = async (directory: string, { left, exitCode }: { left: readonly string[]; exitCode: number }) => {
      wasKilled = exitCode === 137;
      wrong.push(...unexpected(work, wasKilled ? left : []));
      await Bun.write(join(directory, "build.lua"), work.script ?? "");
      makeOld(directory);
      const again = await runLuakit(wordsOf(work, { addr: daemon.addr, random }), { cwd: directory });
      const right = work.expected === undefined ? outcome : `${work.outputs[0]}: ${work.expected(directory)}`;
      if (again.exitCode !== 0) wrong.push(`the next one ends with ${again.exitCode}: ${again.stderr}`);
      else if (describeOutcome(work, directory, again.bytes) !== right) wrong.push("the next one gives something else");
    };
    const meanwhile = async (running: Running) => {
      if (await sleepWhile(running, random(most))) running.signal("SIGKILL");
    };
    const end = await runWork(work, { addr: daemon.addr, random, flags, meanwhile, afterwards });
    if (![0, 137].includes(end.exitCode)) wrong.push(`exit status ${end.exitCode}: ${end.stderr}`);
    if (end.children.length > 0) wrong.push(`processes ${end.children.join(", ")}`);
    if (end.temporary.length > 0) wrong.push(`temporary files ${end.temporary.join(", ")}`);
    const status = await endedAs(ref);
    if (status === "running") wrong.push("the daemon builds on");
    return { struck: wasKilled, wrong: wrong.map((each) => `${work.name}: ${each}`), kind: `exit ${end.exitCode}` };
  });
});

/** What was begun in an OCI layout is gone after a day. */
function makeOld(directory: string): void {
  const times = new Date(Date.now() - 48 * 3_600_000);
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }))
    if (/(^|\/)ingest\/[^/]+$/.test(name)) utimesSync(join(directory, name), times, times);
}

/** What a kill cannot avoid: files that have a temporary name still, and part of a directory that is exported. */
function unexpected(work: Work, left: readonly string[]): readonly string[] {
  const directories = [...work.outputs.filter((name) => !/\.(tar|oci)$/.test(name)), "cache"];
  return left
    .filter(
      (name) => !name.includes(".luakit-") && !directories.some((each) => name === each || name.startsWith(`${each}/`)),
    )
    .filter((name) => name !== "iid" && name !== "meta.json")
    .map((name) => `${name} is left`);
}

/** What the daemon says of a build a moment after its client was killed; undefined when it never heard of it. */
async function endedAs(refFile: string): Promise<string | undefined> {
  const ref = await Bun.file(refFile)
    .text()
    .catch(() => "");
  if (ref === "") return undefined;
  for (let tries = 0; ; tries++) {
    const words = ["history", "ls", "--addr", daemon.addr, "--format=json", "--filter", `ref=${ref}`];
    const { stdout } = await runLuakit(words, { cwd: "/" });
    const status: string | undefined = JSON.parse(stdout)[0]?.status;
    if (status !== "running" || tries === 60) return status;
    await Bun.sleep(250);
  }
}

// The short form of this is daemon-loss.test.ts.
if (isLong)
  test("buildkitd: the build ends with 125 and leaves nothing", async () => {
    await runCases("kill buildkitd", effort(1, 200), async (random) => {
      const work = pick(chosen, random);
      await using own = await startOwnBuildkitd();
      const { most, outcome } = await momentOf(work, { addr: own.addr, random });
      const kill = async (running: Running) => {
        if (!(await sleepWhile(running, random(most)))) return false;
        own.signal("SIGKILL");
        return true;
      };
      return await runKilled(work, { addr: own.addr, random }, kill, { statuses: [0, 125], outcome });
    });
  });

test("what carries the connection: the build ends with 125 and leaves nothing", async () => {
  const bin = join(scratch, "bin");
  mkdirSync(bin);
  for (const name of ["docker", "ssh"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${bed.buildctl} --addr ${daemon.addr} dial-stdio\n`, {
      mode: 0o755,
    });
  }
  await runCases("kill transport", effort(1, 200), async (random) => {
    const work = pick(works, random);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const settings = { addr: random(2) === 0 ? "ssh://host" : "docker-container://name", random, env };
    const { most, outcome } = await momentOf(work, settings);
    const kill = async (running: Running) => {
      if (!(await sleepWhile(running, random(most)))) return false;
      return childrenOf(running.pid).map(killNow).includes(true);
    };
    return runKilled(work, settings, kill, { statuses: [0, 125], outcome });
  });
});

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .trim()
      .split(" ")
      .filter((each) => each !== "")
      .map(Number);
  } catch {
    return [];
  }
}

describe("a registry", () => {
  test("that is pulled from: the build fails and leaves nothing", async () => {
    await runCases("kill registry, pull", effort(1, 200), async (random, index) => {
      const name = await pushRandom(random, index);
      using proxy = await openFaultProxy(bed.registry, asIs, true);
      const script = `bk.export(bk.image("${proxy.addr.slice("tcp://".length)}/${name}"))`;
      const work: Work = {
        name: "pull",
        script,
        command: random(4) === 0 ? ["config"] : ["build", "--solve", "--progress=plain", "-o", "out"],
        outputs: [],
      };
      const isRemote = work.command[0] === "build";
      const kill = async (running: Running) => {
        const isRunning = await sleepWhile(running, random(isRemote ? 800 : 200));
        proxy.kill();
        return isRunning;
      };
      const settings = { addr: daemon.addr, random, ...(!isRemote && { daemon: [] }) };
      return await runKilled(work, settings, kill, { statuses: [0, 1], outcome: "" });
    });
  });

  test("that is pushed to: the build fails and leaves nothing", async () => {
    await runCases("kill registry, push", effort(1, 200), async (random) => {
      using proxy = await openFaultProxy(bed.registry, asIs, true);
      const image = `${proxy.addr.slice("tcp://".length)}/killed:${unique()}`;
      const work: Work = {
        name: "push",
        script: `bk.export(bk.scratch():copy(bk.local_("context"), "/", "/"))`,
        command: [
          "build",
          "--solve",
          "--progress=plain",
          "-c",
          "context",
          "-t",
          image,
          "--push",
          "-o",
          "type=tar,dest=x.tar",
        ],
        prepare: (directory) => {
          mkdirSync(join(directory, "context"));
          writeFileSync(join(directory, "context/x"), randomBytes(random, 500_000));
        },
        outputs: [],
      };
      const kill = async (running: Running) => {
        const isRunning = await sleepWhile(running, random(1500));
        proxy.kill();
        return isRunning;
      };
      return await runKilled(work, { addr: daemon.addr, random }, kill, { statuses: [0, 1], outcome: "" });
    });
  });
});

/** An image that no daemon has, in the testbed's registry. */
async function pushRandom(random: Random, index: number): Promise<string> {
  return inDirectory(async (directory) => {
    const layout = new Layout(directory);
    const tar = formatTar([
      file("x", randomBytes(random, 300_000), 0o644),
      file("unique", Buffer.from(unique()), 0o644),
    ]);
    const image = layout.writeImage({
      platform: { os: "linux", architecture: "amd64" },
      layers: [layout.writeLayer(tar, "x", 1)],
      config: {},
    });
    const tag = `t${index}`;
    layout.finish({ [tag]: image });
    const repository = `killed-${unique()}`;
    await pushImage(directory, { host: bed.registry, repository, tag });
    return `${repository}:${tag}`;
  });
}

test("a credential helper: the build fails and leaves nothing", async () => {
  const { host, username, password } = bed.authRegistry;
  await runCases("kill credential helper", effort(1, 200), (random, index) =>
    inDirectory(async (config) => {
      const answer = JSON.stringify({ ServerURL: host, Username: username, Secret: password });
      const helper = `#!/bin/sh\nsleep 0.${random(3)}\necho '${answer}'\n`;
      writeFileSync(join(config, "docker-credential-slow"), helper, { mode: 0o755 });
      writeFileSync(join(config, "config.json"), JSON.stringify({ credHelpers: { [host]: "slow" } }));
      const work: Work = {
        name: "credentials",
        script: `bk.export(bk.image("${host}/busybox"):run("echo ${unique()} ${index}"))`,
        command:
          random(2) === 0
            ? ["build", "-o", "x.pb"]
            : ["build", "--solve", "--progress=plain", "-o", "type=tar,dest=x.tar"],
        outputs: [],
      };
      const env = { PATH: `${config}:${process.env.PATH}`, DOCKER_CONFIG: config };
      const settings = { addr: daemon.addr, random, env, ...(!work.command.includes("--solve") && { daemon: [] }) };
      const kill = async (running: Running) => {
        const moment = random(300);
        for (let isRunning = true; isRunning; isRunning = await sleepWhile(running, 2)) {
          const [pid] = childrenOf(running.pid);
          if (pid !== undefined)
            return (await sleepWhile(running, moment)) && childrenOf(running.pid).map(killNow).includes(true);
        }
        return false;
      };
      return runKilled(work, settings, kill, { statuses: [0, 1], outcome: "" });
    }),
  );
});

// The short form of this is gateway-robust-process.test.ts.
if (isLong)
  test("a frontend's process and a step: the build fails and leaves nothing", async () => {
    const source = await gatewayImage();
    await runCases("kill frontend or step", effort(1, 200), async (random) => {
      const mark = unique();
      const inner = `bk.export(${busybox}:run("sleep 0.3; echo begun", {env = {MARK = os.getenv("MARK")}}))`;
      const work: Work = {
        name: "frontend",
        script: `bk.export(bk.frontend("${source}", {opts = {filename = "inner.lua", ["build-arg:MARK"] = "${mark}"},
        inputs = {context = bk.local_("context"), dockerfile = bk.local_("context")}}))`,
        command: ["build", "--solve", "--progress=plain", "-c", "context", "-o", "type=tar,dest=x.tar"],
        prepare: (directory) => {
          mkdirSync(join(directory, "context"));
          writeFileSync(join(directory, "context/inner.lua"), inner);
        },
        outputs: [],
      };
      const found = () => processesWithVariable(mark);
      const kill = async (running: Running) => {
        const moment = random(900);
        const wantsStep = random(2) === 0;
        for (let isRunning = true; isRunning; isRunning = await sleepWhile(running, 10)) {
          if (found().some(({ program }) => (program === "luakit") !== wantsStep)) {
            return (
              (await sleepWhile(running, moment)) &&
              found()
                .map(({ pid }) => killNow(pid))
                .includes(true)
            );
          }
        }
        return false;
      };
      // The image is large: it is where other tests have it, too.
      const end = await runKilled(work, { addr: bed.addr, random }, kill, { statuses: [0, 1], outcome: "" });
      const wrong = [...end.wrong];
      for (let tries = 0; found().length > 0 && tries < 100; tries++) await Bun.sleep(50);
      if (found().length > 0) wrong.push("processes of the build are left");
      return { ...end, wrong };
    });
  });
