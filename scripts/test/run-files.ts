import { existsSync, readFileSync, rmSync } from "node:fs";
import { argumentsFor, type ReportedTest, readReport } from "../junit.ts";
import { say } from "../say.ts";
import { runLogged } from "./run-logged.ts";
import type { Outcome } from "./stage.ts";

/** Runs test files and counts what ran. What fails beside other tests is tried once more alone, and that is said. */
export async function runFiles(name: string, files: readonly string[], flags: readonly string[]): Promise<Outcome> {
  const first = await report(name, [...flags, ...files]);
  const { status, tests } = first;
  const failed = tests.filter(({ outcome }) => outcome === "failed");
  const second =
    failed.length === 0
      ? { tests: [], busy: 0 }
      : await report(`${name}-again`, [
          ...flags.filter((flag) => !/^--(parallel|max-concurrency)/.test(flag)),
          ...argumentsFor(failed),
        ]);
  const hasPassed = ({ name }: ReportedTest) =>
    second.tests.some((each) => each.name === name && each.outcome === "passed");
  for (const test of failed.filter(hasPassed)) sayUnsteady(test.name);
  // A file that cannot be loaded has no tests.
  const unread = status === 0 ? [] : files.filter((file) => !tests.some((test) => file === `./${test.file}`));
  for (const file of unread) say(`(fail) ${file}: none of its tests ran`);
  const lost = status !== 0 && failed.length === 0 && unread.length === 0 ? [`${name}: ended with ${status}`] : [];
  const lasting = failed.filter((test) => !hasPassed(test)).map((test) => test.name);
  const failures = [...lasting, ...unread.map((file) => `${file}: none of its tests ran`), ...lost];
  const skipped = tests.filter(({ outcome }) => outcome === "skipped").length;
  const passed = tests.length - lasting.length - skipped;
  return { count: { passed, failed: failures.length, skipped }, busy: first.busy + second.busy, failures };
}

export function sayUnsteady(name: string): void {
  say(`* UNSTEADY: failed beside other tests, passed alone: ${name}`);
}

/** Runs tests and reads what ran from bun's own report. */
async function report(name: string, what: readonly string[]) {
  const path = `.cache/test-${name}.xml`;
  rmSync(path, { force: true });
  const reporter = ["--reporter=junit", `--reporter-outfile=${path}`, "--only-failures"];
  const { status, busy } = await runLogged(name, [process.execPath, "test", ...reporter, ...what]);
  return { status, busy, tests: existsSync(path) ? readReport(readFileSync(path, "utf8")) : [] };
}
