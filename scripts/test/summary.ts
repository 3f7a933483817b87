import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { say } from "../say.ts";
import type { Count, StageResult } from "./stage.ts";

/** Says what each stage cost, the longest first, and what failed in it: what was said meanwhile is far above. */
export function saySummary(results: readonly StageResult[]): void {
  for (const { name, seconds, busy, count } of results.toSorted((one, other) => other.seconds - one.seconds)) {
    const times = `${seconds.toFixed(0).padStart(5)} s, ${busy.toFixed(0).padStart(4)} s of a processor`;
    say(`${times}: ${name}: ${count.passed} as expected, ${count.failed} not`);
  }
  for (const { name, failures } of results) for (const failure of failures) say(`(fail) ${name}: ${failure}`);
}

export function total(results: readonly StageResult[], key: keyof Count): number {
  return results.reduce((sum, { count }) => sum + count[key], 0);
}

/** Starts to look at the processors of the machine; gives which part of the time since then they all had something to do. */
export function watchProcessors(): () => string {
  const start = performance.now();
  const before = busyTicks();
  return () => {
    const seconds = ((performance.now() - start) / 1000) * availableParallelism();
    const busy = (busyTicks() - before) / 100;
    return `${availableParallelism()} processors, busy for ${((100 * busy) / seconds).toFixed(0)} % of the time`;
  };
}

/** Hundredths of seconds that the processors have worked. */
function busyTicks(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/ +/).slice(1).map(Number);
  return user + nice + system + irq + softirq;
}
