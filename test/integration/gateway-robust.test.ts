import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { effort } from "../stress/effort.ts";
import { inDirectory, writeFiles } from "../support/build.ts";
import { type RunningBuild, startBuild } from "../support/frontend-running.ts";
import { gatewayBuild } from "../support/gateway-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { until } from "../support/running.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(90_000);

const { addr, v012, images } = testbed();

/** Builds at once on one daemon. */
const builds = effort(20, 50);

const scripts = {
  loop: "while true do end",
  pattern: '(("a"):rep(40)):find(("a-"):rep(25) .. "b")',
  step: `bk.export(bk.image("${images.busybox}"):run("sleep 300; true", {env = {MARK = os.getenv("MARK")}}))`,
} as const;

type Stage = keyof typeof scripts;

/** Starts a build, waits until it is at a stage, and gives it and the process that works there. */
async function at<T>(stage: Stage, daemon: string, use: (build: RunningBuild, pid: number) => Promise<T>): Promise<T> {
  return inDirectory(async (directory) => {
    writeFiles(directory, { "build.lua": scripts[stage] });
    const build = await startBuild(directory, daemon);
    return use(build, await (stage === "step" ? build.step() : build.frontend()));
  });
}

beforeAll(async () => {
  await gatewayImage();
}, 120_000);

const daemons = [["newest", addr] as const, ["v0.12", v012?.addr ?? ""] as const];
const stages: readonly Stage[] = ["loop", "pattern", "step"];
const everywhere = daemons.flatMap(([name, daemon]) => stages.map((stage) => [stage, name, daemon] as const));

describe("a client that goes leaves no process", () => {
  test.concurrent.each(everywhere)("with SIGINT, in a %s, on %s", async (stage, _, daemon) => {
    await at(stage, daemon, async (build) => {
      build.signal("SIGINT");
      expect((await build.ended).exitCode).not.toBe(0);
      await until(() => build.left().length === 0);
    });
  });

  test.concurrent.each(everywhere)("killed, in a %s, on %s", async (stage, _, daemon) => {
    await at(stage, daemon, async (build) => {
      build.signal("SIGKILL");
      await build.ended;
      await until(() => build.left().length === 0);
    });
  });
});

test.concurrent.each(daemons)("a client hears of a frontend that is killed, on %s", async (_, daemon) => {
  await at("loop", daemon, async (build, pid) => {
    process.kill(pid, "SIGKILL");
    const { exitCode, text } = await build.ended;
    expect(exitCode).toBe(1);
    expect(text).toMatch(
      /error: failed to solve: (process "\/luakit" did not complete successfully: )?exit code: 137\n$/,
    );
    await until(() => build.left().length === 0);
  });
});

test(`${builds} builds at once all give what they should`, async () => {
  await inDirectory(async (directory) => {
    writeFiles(directory, {
      "build.lua": `local made = bk.image("${images.busybox}"):run("echo made > /made")
bk.export(bk.scratch():copy(made, "/made", "/made"):mkfile("/number", os.getenv("NUMBER")))`,
    });
    const numbers = Array.from({ length: builds }, (_, number) => number);
    expect(await Promise.all(numbers.map((number) => buildNumber(directory, number)))).toEqual(
      numbers.map((number) => ({ failure: undefined, made: "made\n", number: String(number) })),
    );
  });
}, 180_000);

async function buildNumber(directory: string, number: number, tries = 4) {
  const out = `${directory}/out/${number}`;
  const buildArgs = { NUMBER: String(number) };
  const { exitCode, stderr } = await gatewayBuild({ directory, buildArgs, output: [`type=local,dest=${out}`] });
  if (exitCode !== 0 && tries > 1 && cameTooLate(stderr)) return buildNumber(directory, number, tries - 1);
  if (exitCode !== 0) return { failure: stderr };
  return {
    failure: undefined,
    made: await Bun.file(`${out}/made`).text(),
    number: await Bun.file(`${out}/number`).text(),
  };
}

/** The daemon gives a container 10 s from before its start to the first byte: a busy machine may not do that for all of them. */
function cameTooLate(stderr: string): boolean {
  return stderr.includes("frontend grpc server closed unexpectedly") && !stderr.includes("load build definition");
}
