import { writeSync } from "node:fs";

/** Writes one line to stderr: what a task is doing. */
export function say(line: string): void {
  writeSync(2, `luakit: ${line}\n`);
}

/** Runs a command with this terminal as its output; a failure ends the task with the command's exit status. */
export function run(...command: string[]): void {
  const status = tryRun(...command);
  if (status !== 0) {
    say(`failed: ${command.join(" ")}`);
    process.exit(status);
  }
}

/**
 * Runs a command with this terminal as its output and gives its exit status. The command has the environment as it is
 * now: left to itself, Bun gives the one that this process began with.
 */
export function tryRun(...command: string[]): number {
  return Bun.spawnSync(command, { stdio: ["ignore", "inherit", "inherit"], env: process.env }).exitCode ?? 1;
}

/** As `tryRun`, beside what else this process does. */
export async function tryRunBeside(...command: string[]): Promise<number> {
  return await Bun.spawn(command, { stdio: ["ignore", "inherit", "inherit"], env: process.env }).exited;
}
