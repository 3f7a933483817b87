import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runDaemonSuite, type SuiteRun } from "./daemon-suite.ts";
import { argumentsFor, readReport } from "./junit.ts";
import { run, say, tryRunBeside } from "./say.ts";

/** `bun scripts/testbed.ts up` exits with this where a daemon cannot be had. */
const unavailable = 3;

/** Everything that a test may need: with CI=true a test that is skipped is a failure. */
const extras = "v0.12,v0.21,docker,moby,buildx";

/** What differs between daemons the most. The rest is tried on the newest one and the oldest ones. */
const most = ["mount", "source"];

/** In a gateway scripts make the same graphs as in a solve: here it is how they get there that counts. */
const some = ["mount-secret", "run-outcome", "source-image", "source-local"];

const solved: SuiteRun = { role: "solve", daemon: "newest" };

const suites: readonly SuiteRun[] = [
  { role: "solve", daemon: "v0.21", files: most },
  { role: "solve", daemon: "v0.12" },
  { role: "solve", daemon: "docker" },
  { role: "gateway", daemon: "v0.21", files: some },
  { role: "gateway", daemon: "v0.12", files: some },
  { role: "gateway", daemon: "docker", files: some },
  { role: "gateway", daemon: "newest", files: ["frontend", ...most] },
];

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  readonly count: Count;
}

/** Runs a stage, and says what it does and how long it took. */
async function stage<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  say(what);
  const start = performance.now();
  const result = await work();
  say(`${what}: took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return result;
}

/** Runs test files and counts what ran. What fails beside other tests is tried once more alone, and that is said. */
async function runTests(name: string, files: readonly string[], ...flags: string[]): Promise<Count> {
  const { status, tests } = await report(name, [...flags, ...files]);
  const failed = tests.filter(({ outcome }) => outcome === "failed");
  const again = failed.length === 0 ? [] : (await report(`${name}-again`, [...flags, ...argumentsFor(failed)])).tests;
  const lasting = failed.filter((test) => !again.some((each) => each.name === test.name && each.outcome === "passed"));
  for (const test of failed.filter((each) => !lasting.includes(each))) sayUnsteady(test.name);
  // A file that cannot be loaded has no tests.
  const unread = status === 0 ? [] : files.filter((file) => !tests.some((test) => file === `./${test.file}`));
  for (const file of unread) say(`(fail) ${file}: none of its tests ran`);
  const lost = status !== 0 && failed.length === 0 ? Math.max(1, unread.length) : unread.length;
  const skipped = tests.filter(({ outcome }) => outcome === "skipped").length;
  return { passed: tests.length - lasting.length - skipped, failed: lasting.length + lost, skipped };
}

function sayUnsteady(name: string): void {
  say(`* UNSTEADY: failed beside other tests, passed alone: ${name}`);
}

/** Runs tests and reads what ran from bun's own report. */
async function report(name: string, what: readonly string[]) {
  mkdirSync(".cache", { recursive: true });
  const path = `.cache/test-${name}.xml`;
  rmSync(path, { force: true });
  const reporter = ["--reporter=junit", `--reporter-outfile=${path}`, "--only-failures"];
  const status = await tryRunBeside(process.execPath, "test", ...reporter, ...what);
  return { status, tests: existsSync(path) ? readReport(readFileSync(path, "utf8")) : [] };
}

function unitTests(): string[] {
  const other = /^(integration|support|stress(?!\/fuzz))\//;
  const files = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  return files.filter((name) => !other.test(name)).map((name) => `./test/${name}`);
}

/** False where this machine cannot have a testbed. */
async function bringUp(): Promise<boolean> {
  const status = await tryRunBeside(process.execPath, "scripts/testbed.ts", "up", "--with", extras);
  if (status !== 0 && status !== unavailable) process.exit(status);
  return status === 0;
}

/** Tests that the suites run as well: builds of the same steps on one daemon at one time get each other's errors. */
const shared = /^(file|graph|mount|run|source|state)-/;

/** Tests of what is around builds, rather than of builds: about what makes both sides take the same time. */
const around = /^(install|integration-file|release)/;

/** Tests of how soon something ends: nothing else may hold up what they look at. */
const timed = /^(cli-usage|daemon-loss|interrupt|limit-|robust-reader)/;

/** Tests of the frontend's process, and of what writes and checks scripts rather than builds them. */
const written =
  /^(gateway|readme|completion|convert|dag|fmt|init|lint|report|test-command|tools|tutorial|types|validate|watch)/;

/** All of them wait a lot, for daemons that differ: they run beside each other. */
async function integrationStages(): Promise<Stage[]> {
  const files = readdirSync("test/integration").filter((name) => name.endsWith(".test.ts"));
  const group = (name: string, kind: RegExp) => () =>
    integrationStage(
      name,
      files.filter((file) => kind.test(file)),
    );
  const other = files.filter((file) => ![shared, around, timed, written].some((kind) => kind.test(file)));
  const stressed = readdirSync("test/stress", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && !name.startsWith("fuzz/"))
    .map((name) => `../stress/${name}`);
  const stages = await Promise.all([
    oneByOne([group("step", shared), () => integrationStage("integration", other), () => suiteStage(solved)]),
    oneByOne([
      group("release", around),
      () => integrationStage("stress", stressed),
      ...suites.map((run) => () => suiteStage(run)),
    ]),
    oneByOne([group("frontend", written)]),
  ]);
  return [...stages.flat(), await group("time", timed)()];
}

async function integrationStage(name: string, files: readonly string[]): Promise<Stage> {
  const paths = files.map((file) => `./${join("test/integration", file)}`);
  const count = await stage(`${name} tests, on the newest BuildKit`, () => runTests(name, paths, "--timeout=120000"));
  return { name, count };
}

async function oneByOne<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const work of works) results.push(await work());
  return results;
}

async function suiteStage(run: SuiteRun): Promise<Stage> {
  const { role, daemon } = run;
  const who = role === "solve" ? "by luakit itself" : "through luakit's image";
  const { passed, lacking, skipped, unsteady, surprises } = await stage(`scripts built ${who}, on ${daemon}`, () =>
    runDaemonSuite(run),
  );
  for (const name of unsteady) sayUnsteady(`${name}, on ${daemon}`);
  for (const { name, what } of surprises) say(`(fail) on ${daemon}: ${name}: ${what}`);
  if (lacking > 0) say(`${lacking} of them fail as the daemon lacks what test/support/expected/${daemon}.json says`);
  return { name: `${role} on ${daemon}`, count: { passed: passed + lacking, failed: surprises.length, skipped } };
}

function withoutTestbed(): Stage[] {
  say("************************************************************************");
  say("* NO INTEGRATION TEST RAN: this machine cannot bring the testbed up     *");
  say("************************************************************************");
  return [{ name: "integration", count: { passed: 0, failed: process.env.CI === "true" ? 1 : 0, skipped: 0 } }];
}

const start = performance.now();
await stage("types and style", () => run(process.execPath, "scripts/check.ts"));
await stage("the executable", () => run(process.execPath, "scripts/build.ts"));
// The testbed waits for downloads, compilers and daemons.
const [unit, isUp] = await Promise.all([
  stage("unit tests", () => runTests("unit", unitTests())),
  stage("the testbed", bringUp),
]);
const stages = [{ name: "unit", count: unit }, ...(isUp ? await integrationStages() : withoutTestbed())];

const total = (key: keyof Count) => stages.reduce((sum, { count }) => sum + count[key], 0);
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
for (const { name, count } of stages) say(`${name}: ${count.passed} as expected, ${count.failed} not`);
say(`all of it took ${((performance.now() - start) / 1000).toFixed(0)} s`);
if (total("skipped") > 0) {
  say(`* ${total("skipped")} TESTS DID NOT RUN: they need what this machine or the testbed does not have`);
}
const failed = total("failed") + (process.env.CI === "true" ? total("skipped") : 0);
process.stdout.write(`${total("passed")} passed, ${failed} failed${skipped}\n`);
process.exit(failed === 0 ? 0 : 1);
