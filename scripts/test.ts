import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { run, say, tryRun } from "./say.ts";

/** `bun scripts/testbed.ts up` exits with this where a daemon cannot be had. */
const unavailable = 3;

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs test files and reads what ran from bun's own report. */
function runTests(name: string, files: readonly string[], ...flags: string[]): Count {
  mkdirSync(".cache", { recursive: true });
  const report = `.cache/test-${name}.xml`;
  const reporter = ["--reporter=junit", `--reporter-outfile=${report}`, "--only-failures"];
  const status = tryRun(process.execPath, "test", ...reporter, ...flags, ...files);
  const head = readFileSync(report, "utf8").match(/<testsuites[^>]*>/)?.[0] ?? "";
  const attribute = (key: string) => Number(head.match(new RegExp(` ${key}="(\\d+)"`))?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = attribute("skipped");
  const passed = attribute("tests") - failed - skipped;
  if (status !== 0 && failed === 0) return { passed, failed: 1, skipped };
  return { passed, failed, skipped };
}

function unitTests(): string[] {
  const rooms = readdirSync("test").filter((name) => name !== "integration" && name !== "bench" && name !== "support");
  return rooms.map((name) => `./test/${name}`);
}

function integrationTests(): Count {
  const status = tryRun(process.execPath, "scripts/testbed.ts", "up", "--with", "v0.12");
  if (status === 0) return runTests("integration", ["./test/integration"], "--timeout=120000");
  if (status !== unavailable) process.exit(status);
  say("************************************************************************");
  say("* NO INTEGRATION TEST RAN: this machine cannot bring the testbed up     *");
  say("************************************************************************");
  return { passed: 0, failed: process.env.CI === "true" ? 1 : 0, skipped: 0 };
}

say("types and style");
run(process.execPath, "scripts/check.ts");
say("unit tests");
const unit = runTests("unit", unitTests());
say("the executable");
run(process.execPath, "scripts/build.ts");
say("integration tests on the testbed");
const integration = integrationTests();

const total = (key: keyof Count) => unit[key] + integration[key];
const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
say(`unit: ${unit.passed} passed; integration: ${integration.passed} passed`);
if (total("skipped") > 0) {
  say(`* ${total("skipped")} TESTS DID NOT RUN: they need what this machine or the testbed does not have`);
}
const failed = total("failed") + (process.env.CI === "true" ? total("skipped") : 0);
process.stdout.write(`${total("passed")} passed, ${failed} failed${skipped}\n`);
process.exit(failed === 0 ? 0 : 1);
