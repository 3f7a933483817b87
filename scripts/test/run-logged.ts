import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { say } from "../say.ts";

/** How a program ended. */
export interface Ended {
  readonly status: number;
  /** Seconds that it, and what it ran and waited for, kept processors busy. */
  readonly busy: number;
}

/**
 * Runs a program beside others. What it writes is in `.cache/test-NAME.log`, and printed in one piece when the program fails:
 * the words of several at the same time would be a muddle.
 */
export async function runLogged(name: string, command: readonly string[]): Promise<Ended> {
  mkdirSync(".cache", { recursive: true });
  const log = `.cache/test-${name}.log`;
  const file = openSync(log, "w");
  const child = Bun.spawn([...command], { stdio: ["ignore", file, file] });
  closeSync(file);
  const status = await child.exited;
  if (status !== 0) {
    say(`${name}: what failed`);
    process.stderr.write(readFileSync(log));
    say(`${name}: that was what failed`);
  }
  return { status, busy: busySeconds(child) };
}

/** For how long a process that has ended, and what it waited for, kept processors busy. */
export function busySeconds(child: Bun.Subprocess): number {
  return Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6;
}
