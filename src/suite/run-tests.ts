import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { LuaFunction } from "../lua/callback.ts";
import { toPosition } from "../lua/trace.ts";
import type { Vm } from "../lua/vm.ts";
import { type FileJob, type Outcome, type Report, toErrorData } from "./message.ts";
import type { DeclaredTest, RunningTest, TestSession } from "./session.ts";

/** Names of groups and of the test, as people read them. */
export function titleOf(path: readonly string[]): string {
  return path.join(" > ");
}

/** Runs the tests that a file has declared, from `job.from` on, and reports each. A limit that ends the VM is thrown. */
export function runTests(job: FileJob, session: TestSession, vm: Vm, report: (report: Report) => void): void {
  const { settings, from } = job;
  const chosen = chooseTests(job, session.tests);
  report({
    kind: "tests",
    tests: chosen.map(({ index, test }) => ({ index, path: test.path, line: test.position?.line })),
  });
  if (settings.list) return;
  const passed = new Set<string>();
  for (const { index, test, mode } of chosen) {
    if (index < from) continue;
    report({ kind: "begin", index });
    const started = performance.now();
    const result = mode === "skip" ? skipped : runTest(test, session, vm, settings.ci);
    if (session.running?.solves === true) session.host.ask?.({ kind: "release" });
    session.running = undefined;
    session.host.snapshots.save();
    if (result.outcome === "passed") passed.add(titleOf(test.path));
    const failures = result.failures.map(toErrorData);
    report({ kind: "end", index, milliseconds: performance.now() - started, ...result, failures });
  }
  const all = new Set(session.tests.map(({ path }) => titleOf(path)));
  // What ran before a limit ended the VM is not known here.
  const count = session.host.snapshots.finish(from === 0 ? passed : new Set(), all);
  report({ kind: "snapshots", count });
}

interface Result {
  readonly outcome: Outcome;
  readonly failures: readonly LuakitError[];
  readonly reason?: string | undefined;
}

const skipped: Result = { outcome: "skipped", failures: [] };

interface Chosen {
  readonly index: number;
  readonly test: DeclaredTest;
  readonly mode: DeclaredTest["mode"];
}

function chooseTests({ name, settings }: FileJob, tests: readonly DeclaredTest[]): Chosen[] {
  const isOnly = tests.some(({ mode }) => mode === "only");
  return tests
    .map((test, index) => ({ index, test, mode: isOnly && test.mode !== "only" ? "skip" : test.mode }) as const)
    .filter(
      ({ test }) => settings.filter === undefined || fitsFilter(`${name} > ${titleOf(test.path)}`, settings.filter),
    );
}

/** Whether a name holds what a filter says, in upper or lower case; `*` stands for anything. */
export function fitsFilter(name: string, filter: string): boolean {
  const parts = filter.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join("[^]*"), "i").test(name);
}

function runTest(test: DeclaredTest, session: TestSession, vm: Vm, ci: boolean): Result {
  const running: RunningTest = { name: titleOf(test.path), snapshots: 0, solves: false };
  session.running = running;
  if (test.mode === "only" && ci) return { outcome: "failed", failures: [leftOver(test)] };
  vm.clock.restart();
  const failures: LuakitError[] = [];
  const run = (body: LuaFunction): boolean => {
    const error = body.attempt([]);
    if (error !== undefined) failures.push(placed(error, test));
    return error === undefined;
  };
  const isReady = test.before.flat().every(run);
  if (isReady) run(test.body);
  for (const body of test.after.flat()) run(body);
  if (running.skipped !== undefined) return { outcome: "skipped", failures: [], reason: running.skipped };
  return { outcome: failures.length === 0 ? "passed" : "failed", failures };
}

function leftOver(test: DeclaredTest): LuakitError {
  return placed(new LuakitError("test.failed", "test.only keeps the other tests of the file from running"), test);
}

function placed(error: LuakitError, { position }: DeclaredTest): LuakitError {
  return position === undefined ? error : error.at(toPosition(position));
}
