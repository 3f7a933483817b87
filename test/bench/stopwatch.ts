import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import type { Sample } from "./case.ts";

/** One command to measure. */
export interface Command {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Measures commands as whole processes; what they write to stderr is in the file `log` until the next one. */
export interface Stopwatch {
  readonly log: string;
  run(command: Command): Promise<Sample>;
}

/** Path of one of the Go programs of the benchmarks; built when the cache has it not. */
export function benchProgram(name: "stopwatch" | "transport"): Promise<string> {
  const place = { ...findPlace(), scripts: import.meta.dir };
  const tool = { module: "bench", version: "v1", package: `luakit/bench/${name}`, versionVariable: "main.version" };
  return locked(place.cache, () => buildGoTool(place, tool));
}

/** An error with the end of what the command wrote, when it fails. */
export async function openStopwatch(folder: string): Promise<Stopwatch> {
  const program = await benchProgram("stopwatch");
  const log = join(folder, "stderr");
  return {
    log,
    async run({ argv, stdin = "/dev/null", cwd = folder, env = {} }) {
      const child = Bun.spawn([program, stdin, "/dev/null", log, ...argv], {
        cwd,
        env: { ...process.env, ...env },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [taken, complaint] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      if (taken === "") throw new Error(`${argv.join(" ")}: ${complaint.trim()}`);
      const { wall, cpu, memory, status } = JSON.parse(taken);
      if (status !== "") throw new Error(`${argv.join(" ")}: ${status}\n${readFileSync(log, "utf8").slice(-2000)}`);
      return { value: wall, cpu, memory };
    },
  };
}
