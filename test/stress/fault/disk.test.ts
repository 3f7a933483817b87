import { setDefaultTimeout, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { startOwnBuildkitd } from "../../support/own-buildkitd.ts";
import type { Running } from "../../support/running.ts";
import { openSmallDisk } from "../../support/small-disk.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, isLong } from "../effort.ts";
import { works } from "./builds.ts";
import { type CaseEnd, runCases } from "./cases.ts";
import { judge } from "./judge.ts";
import { openModels, pick } from "./models.ts";
import { runWork } from "./run-work.ts";

setDefaultTimeout(Math.max(180_000, effort(0, 3_600_000)));

const { addr } = testbed();
const modelOf = openModels(addr);
/** Milliseconds that a build may take. */
const patience = effort(60_000, 600_000);
const writers = works.filter(({ script }) => script !== undefined);

const meanwhile = (running: Running) =>
  Promise.race([running.ended, Bun.sleep(patience).then(() => running.signal("SIGKILL"))]);

/** What a directory takes of a tmpfs. */
function pagesOf(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).reduce(
    (sum, name) => sum + Math.ceil(statSync(join(directory, name)).size / 4096) * 4096,
    0,
  );
}

test("a disk with room for some of it: all of it or nothing", async () => {
  await runCases("full disk", effort(1, 200), async (random) => {
    const { work, outcome } = await modelOf(pick(writers, random));
    using disk = openSmallDisk(64);
    const room = random(4) === 0 ? random(5) * 4096 : random(2_500_000);
    const prepared = (root: string) => disk.resize(pagesOf(root) + room);
    const end = await runWork(work, { addr, random, root: disk.path, prepared, meanwhile });
    const wrong = [...judge(work, end, { statuses: [0, 1], outcome })];
    if (end.exitCode === 1 && !/no space left|quota|ENOSPC/.test(end.stderr))
      wrong.push("it does not say what is full");
    return {
      struck: end.exitCode !== 0,
      wrong,
      kind: `exit ${end.exitCode}`,
      text: `${room}: ${end.stderr.slice(-1500)}`,
    };
  });
});

if (isLong)
  test("a daemon whose disk is full: the build fails with the daemon's reason", async () => {
    await runCases("full disk of the daemon", effort(1, 200), async (random): Promise<CaseEnd> => {
      const work = pick(
        writers.filter(({ name }) => ["local", "context", "secret", "tar"].includes(name)),
        random,
      );
      using disk = openSmallDisk(64);
      await using daemon = await startOwnBuildkitd({ parent: disk.path });
      const room = random(6_000_000);
      disk.resize(pagesOf(disk.path) + room);
      const end = await runWork(work, { addr: daemon.addr, random, meanwhile });
      // What its steps leave is not known beforehand, but for those that give back what they got.
      const outcome = end.expected === undefined ? end.outcome : end.expected;
      const wrong = judge(work, end, { statuses: [0, 1], outcome });
      return {
        struck: end.exitCode !== 0,
        wrong,
        kind: `exit ${end.exitCode}`,
        text: `${work.name} ${room}: ${end.stderr.slice(-1500)}`,
      };
    });
  });
