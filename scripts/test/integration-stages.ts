import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fewAtOnce, runDaemonSuite, type SuiteRun } from "../daemon-suite.ts";
import { say } from "../say.ts";
import { runFiles, sayUnsteady } from "./run-files.ts";
import type { Outcome, Stage } from "./stage.ts";

/** What differs between daemons and clients the most. The rest is tried on the newest one and the oldest ones. */
const most = ["mount", "source"];

/**
 * In a gateway scripts make the same graphs as in a solve, and the daemon does the same with them: here it is what goes
 * through the client's session, and how images and failures get back, that counts.
 */
const some = ["mount-secret", "run-outcome", "source-image", "source-local"];

/** What is left of that between the oldest daemon and the newest, which both have all of it. */
const between = ["mount-secret", "source-local"];

/** Tests that the suites run as well: builds of the same steps on one daemon at one time get each other's errors. */
const shared = /^(file|graph|mount|run|source|state)-/;

/** Tests of what is around builds, rather than of builds: about what makes both sides take the same time. */
const around = /^(install|integration-file|release)/;

/** Tests of how soon something ends: nothing else may hold up what they look at. */
const timed = /^(cli-usage|daemon-loss|interrupt|limit-|robust-reader)/;

/** Tests of the frontend's process. */
const frontend = /^gateway/;

/** Tests of what writes and checks scripts rather than builds them. */
const written =
  /^(readme|completion|convert|dag|fmt|init|lint|report|test-command|tools|tutorial|types|validate|watch)/;

/** Tests of builds that luakit itself asks a daemon for. */
const client = /^(builder|export|find|h2|local|progress|robust|rpc|session|solve|trace)/;

const groups = [shared, around, timed, frontend, written, client];

/** All that needs the testbed and may run beside each other, what takes long first. */
export function integrationStages(): readonly Stage[] {
  const other = integrationFiles().filter((file) => !groups.some((group) => group.test(file)));
  return [
    fileStage("frontend", matching(frontend)),
    fileStage("release", matching(around)),
    { ...fileStage("step", suiteFiles(most)), alone: "newest" },
    fileStage("written", matching(written)),
    fileStage("client", matching(client)),
    suiteStage({ role: "solve", daemon: "newest" }),
    fileStage("integration", other),
    suiteStage({ role: "solve", daemon: "docker" }),
    suiteStage({ role: "solve", daemon: "v0.12" }),
    suiteStage({ role: "gateway", daemon: "newest", files: ["frontend", "mount-ssh", ...some] }),
    fileStage("stress", stressFiles()),
    suiteStage({ role: "gateway", daemon: "docker", files: some }),
    suiteStage({ role: "gateway", daemon: "v0.12", files: some }),
    suiteStage({ role: "gateway", daemon: "v0.21", files: between }),
    suiteStage({ role: "solve", daemon: "v0.21", files: most }),
  ];
}

/** What has to run when nothing else does. */
export function timeStage(): Stage {
  return fileStage("time", matching(timed), []);
}

function integrationFiles(): readonly string[] {
  return readdirSync("test/integration").filter((name) => name.endsWith(".test.ts"));
}

/** The first group that fits a file has it. */
function matching(group: RegExp): readonly string[] {
  return integrationFiles().filter((file) => groups.find((each) => each.test(file)) === group);
}

/** Without a role buildctl builds what luakit emits, which is what luakit solves: test/integration/digest.test.ts compares it. */
function suiteFiles(starts: readonly string[]): readonly string[] {
  return matching(shared).filter((file) => starts.some((start) => file.startsWith(start)));
}

/** The fuzzing needs no daemon. */
function stressFiles(): readonly string[] {
  const names = readdirSync("test/stress", { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".test.ts") && !name.startsWith("fuzz/"))
    .map((name) => `../stress/${name}`);
}

function fileStage(name: string, files: readonly string[], flags = [fewAtOnce]): Stage {
  const paths = files.map((file) => `./${join("test/integration", file)}`);
  return {
    name,
    what: `${name} tests, on the newest BuildKit`,
    run: () => runFiles(name, paths, ["--timeout=120000", ...flags]),
  };
}

function suiteStage(run: SuiteRun): Stage {
  const { role, daemon } = run;
  const who = role === "solve" ? "by luakit itself" : "through luakit's image";
  const what = `scripts built ${who}, on ${daemon}`;
  return { name: `${role} on ${daemon}`, what, alone: daemon, run: () => runSuite(run) };
}

async function runSuite(run: SuiteRun): Promise<Outcome> {
  const { daemon } = run;
  const { passed, lacking, skipped, unsteady, surprises, busy } = await runDaemonSuite(run);
  for (const name of unsteady) sayUnsteady(`${name}, on ${daemon}`);
  for (const { name, what } of surprises) say(`(fail) on ${daemon}: ${name}: ${what}`);
  if (lacking > 0) say(`${lacking} of them fail as the daemon lacks what test/support/expected/${daemon}.json says`);
  const failures = surprises.map(({ name, what }) => `on ${daemon}: ${name}: ${what.split("\n")[0]}`);
  return { count: { passed: passed + lacking, failed: failures.length, skipped }, busy, failures };
}
