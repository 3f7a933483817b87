import { readdirSync } from "node:fs";
import { run, say, tryRunBeside } from "./say.ts";
import { integrationStages, timeStage } from "./test/integration-stages.ts";
import { runFiles } from "./test/run-files.ts";
import { runBeside, runStage, type Stage, type StageResult } from "./test/stage.ts";
import { saySummary, total, watchProcessors } from "./test/summary.ts";

/** `bun scripts/testbed.ts up` exits with this where a daemon cannot be had. */
const unavailable = 3;

/** Everything that a test may need: with CI=true a test that is skipped is a failure. */
const extras = "v0.12,v0.21,docker,moby,buildx";

/** How many stages run beside each other: what waits for a daemon leaves room for another one. */
const lanes = 3;

const nothing = { count: { passed: 0, failed: 0, skipped: 0 }, busy: 0, failures: [] };

/** What is no test ends the run when it fails. */
function preparation(name: string, ...command: readonly string[]): Stage {
  return {
    name,
    what: name,
    run: async () => {
      run(process.execPath, ...command);
      return nothing;
    },
  };
}

function unitStage(): Stage {
  const other = /^(integration|support|stress(?!\/fuzz))\//;
  const files = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  const paths = files.filter((name) => !other.test(name)).map((name) => `./test/${name}`);
  return {
    name: "unit",
    what: "unit tests",
    run: () => runFiles("unit", paths, ["--timeout=30000", "--parallel", "--no-isolate"]),
  };
}

/** Calls back where this machine can have a testbed. */
function testbedStage(isUp: () => void): Stage {
  return {
    name: "testbed",
    what: "the testbed",
    run: async () => {
      const status = await tryRunBeside(process.execPath, "scripts/testbed.ts", "up", "--with", extras);
      if (status !== 0 && status !== unavailable) process.exit(status);
      if (status === 0) isUp();
      return nothing;
    },
  };
}

function withoutTestbed(): StageResult {
  say("************************************************************************");
  say("* NO INTEGRATION TEST RAN: this machine cannot bring the testbed up     *");
  say("************************************************************************");
  const failures = process.env.CI === "true" ? ["this machine cannot bring the testbed up"] : [];
  const count = { passed: 0, failed: failures.length, skipped: 0 };
  return { name: "integration", seconds: 0, busy: 0, count, failures };
}

const start = performance.now();
const processors = process.platform === "linux" ? watchProcessors() : () => "";
const results = [
  await runStage(preparation("types and style", "scripts/check.ts")),
  await runStage(preparation("the executable", "scripts/build.ts")),
];
// The testbed waits for downloads, compilers and daemons.
let isUp = false;
const up = () => {
  isUp = true;
};
results.push(...(await Promise.all([runStage(unitStage()), runStage(testbedStage(up))])));
if (isUp) results.push(...(await runBeside(integrationStages(), lanes)), await runStage(timeStage()));
else results.push(withoutTestbed());

saySummary(results);
say(`all of it took ${((performance.now() - start) / 1000).toFixed(0)} s; ${processors()}`);
const skips = total(results, "skipped");
if (skips > 0) say(`* ${skips} TESTS DID NOT RUN: they need what this machine or the testbed does not have`);
const failed = total(results, "failed") + (process.env.CI === "true" ? skips : 0);
process.stdout.write(`${total(results, "passed")} passed, ${failed} failed${skips > 0 ? `, ${skips} skipped` : ""}\n`);
process.exit(failed === 0 ? 0 : 1);
