import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { argumentsFor, type ReportedTest, readReport } from "./junit.ts";
import { busySeconds } from "./test/run-logged.ts";

/**
 * More tests at once than this only wait for each other, and a frontend that has to wait for longer than 10 s until it runs is
 * given up by the daemon.
 */
export const fewAtOnce = "--max-concurrency=10";

/** The daemons of the testbed that the suite of scripts runs on. */
export type SuiteDaemon = "newest" | "v0.21" | "v0.12" | "docker" | "moby";

/** Who builds: `luakit build --solve`, or buildctl with luakit's image as the frontend. */
export type SuiteRole = "solve" | "gateway";

/** A run of the suite; without `files`, all of it. */
export interface SuiteRun {
  readonly daemon: SuiteDaemon;
  readonly role: SuiteRole;
  /** The first words of the files' names, such as `run-`. */
  readonly files?: readonly string[];
}

/** What a daemon cannot do, and the tests that need it: `test/support/expected/<daemon>.json`. */
export interface Lack {
  /** What is missing, and the first release that has it. */
  readonly what: string;
  /** What the failure of each test says. */
  readonly error: string;
  readonly tests: readonly string[];
  /** Why some may pass: it depends on the machine, or on chance. */
  readonly mayPass?: string;
  /** The one role that lacks it so; without it, all of them do. */
  readonly role?: SuiteRole;
}

export interface SuiteResult {
  readonly passed: number;
  /** Tests that fail for what the daemon is known to lack. */
  readonly lacking: number;
  readonly skipped: number;
  /** Tests that failed beside others, and passed when they ran once more alone. */
  readonly unsteady: readonly string[];
  readonly surprises: readonly Surprise[];
  /** Seconds that the tests and the programs that they ran kept processors busy. */
  readonly busy: number;
}

/** Tests that ran. */
interface Ran {
  readonly tests: readonly ReportedTest[];
  readonly busy: number;
}

/** What failed tests say, by the name of the test. */
interface Failures {
  readonly failures: ReadonlyMap<string, Failure>;
  readonly busy: number;
}

/** A test that is not as expected, and what it does instead. */
interface Surprise {
  readonly name: string;
  readonly what: string;
}

/** A test that failed. */
interface Failure {
  readonly message: string;
  /** It ran once more, and did not fail. */
  readonly passedAgain: boolean;
}

/**
 * Builds the scripts of the integration tests in one role on a daemon. What the daemon is known to lack has to fail, for
 * that reason; everything else has to pass.
 */
export async function runDaemonSuite(run: SuiteRun): Promise<SuiteResult> {
  const files = suiteFiles(run);
  const expected = readExpected(run, files);
  const first = await runTests(run, [fewAtOnce, ...files]);
  const { tests } = first;
  const failed = tests.filter(({ outcome }) => outcome === "failed");
  const second = await readFailures(run, failed, expected);
  const { failures } = second;
  const listed = new Set(expected.flatMap((lack) => lack.tests));
  const isUnsteady = ({ name }: ReportedTest) => !listed.has(name) && failures.get(name)?.passedAgain === true;
  const unlisted = failed.filter((test) => !listed.has(test.name) && !isUnsteady(test));
  const surprises = [
    ...unlisted.map(({ name }) => ({ name, what: `fails: ${wordsOf(failures, name)}` })),
    ...expected.flatMap((lack) => lack.tests.flatMap((name) => contradiction(lack, name, tests, failures))),
  ];
  const surprising = new Set(surprises.map(({ name }) => name));
  const unsteady = failed.filter(isUnsteady).map(({ name }) => name);
  const count = (outcome: ReportedTest["outcome"]) =>
    tests.filter((test) => test.outcome === outcome && !surprising.has(test.name)).length;
  const passed = count("passed") + unsteady.length;
  const [lacking, busy] = [count("failed") - unsteady.length, first.busy + second.busy];
  return { passed, lacking, skipped: count("skipped"), unsteady, surprises, busy };
}

/** The integration tests that build scripts with what test/support/build.ts has. */
function suiteFiles({ role, files = [""] }: SuiteRun): string[] {
  // Only a daemon has frontends: those of a solve are among all the tests already.
  const suite =
    role === "gateway" ? /^(file|frontend|graph|mount|run|source|state)-/ : /^(file|graph|mount|run|source|state)-/;
  const names = readdirSync("test/integration").filter((name) => suite.test(name));
  const wanted = names.filter((name) => files.some((start) => name.startsWith(start)));
  return wanted.map((name) => `./test/integration/${name}`);
}

/** What a daemon lacks in this role, as far as these files have tests of it. */
function readExpected({ daemon, role }: SuiteRun, files: readonly string[]): readonly Lack[] {
  if (daemon === "newest") return [];
  const all: readonly Lack[] = JSON.parse(readFileSync(`test/support/expected/${daemon}.json`, "utf8"));
  const lacks = all.filter((lack) => lack.role === undefined || lack.role === role);
  const isAsked = (name: string) => files.includes(`./test/integration/${name.slice(0, name.indexOf(":"))}`);
  return lacks.map((lack) => ({ ...lack, tests: lack.tests.filter(isAsked) }));
}

/**
 * What failed tests say. Of tests that fail in the same moment, bun's report gives one all the messages: those without the
 * words that are expected of them run once more, one by one.
 */
async function readFailures(
  run: SuiteRun,
  failed: readonly ReportedTest[],
  expected: readonly Lack[],
): Promise<Failures> {
  const isExpected = ({ name, message }: ReportedTest) =>
    expected.some(({ tests, error }) => tests.includes(name) && message.includes(error));
  const unclear = failed.filter((test) => !isExpected(test));
  const { tests: again, busy } =
    unclear.length === 0 ? { tests: [], busy: 0 } : await runTests(run, argumentsFor(unclear));
  const messages = new Map(
    again.filter(({ outcome }) => outcome === "failed").map((test) => [test.name, test.message]),
  );
  const failures = new Map(
    failed.map((test) => {
      const { name, message } = test;
      return [name, { message: messages.get(name) ?? message, passedAgain: !isExpected(test) && !messages.has(name) }];
    }),
  );
  return { failures, busy };
}

function contradiction(
  { what, error, mayPass }: Lack,
  name: string,
  tests: readonly ReportedTest[],
  failures: ReadonlyMap<string, Failure>,
): Surprise[] {
  const test = tests.find((each) => each.name === name);
  const failure = failures.get(name);
  if (test === undefined) return [{ name, what: "is expected to fail, but there is no such test" }];
  if ((failure === undefined || failure.passedAgain) && mayPass !== undefined) return [];
  if (failure === undefined) return [{ name, what: `passes, though the daemon lacks ${what}` }];
  if (failure.message.includes(error)) return [];
  return [{ name, what: `does not say ${JSON.stringify(error)} but: ${wordsOf(failures, name)}` }];
}

function wordsOf(failures: ReadonlyMap<string, Failure>, name: string): string {
  return failures.get(name)?.message.trim().slice(0, 1500) || "(it says nothing)";
}

async function runTests({ daemon, role }: SuiteRun, what: readonly string[]): Promise<Ran> {
  mkdirSync(".cache", { recursive: true });
  const report = `.cache/test-${role}-${daemon}.xml`;
  rmSync(report, { force: true });
  const reporter = ["--reporter=junit", `--reporter-outfile=${report}`, "--timeout=120000"];
  const child = Bun.spawn([process.execPath, "test", ...reporter, ...what], {
    env: { ...process.env, LUAKIT_TEST_ROLE: role, LUAKIT_TEST_DAEMON: daemon },
    stdout: "ignore",
    stderr: "pipe",
  });
  const [words, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  const tests = readReport(readFileSync(report, "utf8"));
  if (exitCode !== 0 && !tests.some(({ outcome }) => outcome === "failed")) {
    throw new Error(`the tests of ${role} on ${daemon} end with ${exitCode}:\n${words.slice(-4000)}`);
  }
  return { tests, busy: busySeconds(child) };
}
