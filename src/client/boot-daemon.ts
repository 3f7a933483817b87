import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findProgram } from "../host/find-program.ts";
import type { HostEnvironment } from "./host-environment.ts";

/** Runs the command that brings a daemon up. `why` is the error that made it necessary, told when nothing can be done. */
export async function bootDaemon(
  command: readonly string[],
  source: string,
  { variables }: HostEnvironment,
  why: LuakitError,
  signal?: AbortSignal,
): Promise<void> {
  const [name = "", ...args] = command;
  const program = findProgram(name, variables);
  if (program === undefined) throw why;
  const child = Bun.spawn([program, ...args], {
    env: { ...variables },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    ...(signal !== undefined && { signal }),
  });
  const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  signal?.throwIfAborted();
  if (exitCode === 0) return;
  const reason = tellingLine(stderr) || `${command.join(" ")} ends with ${exitCode}`;
  throw new LuakitError("daemon.unreachable", `${source} cannot be started: ${reason}`, { cause: why });
}

/** The line that says what is wrong: programs put their usage behind it, or what else to run. */
function tellingLine(stderr: string): string | undefined {
  const lines = stderr.split("\n").flatMap((line) => line.trim() || []);
  const advice = lines.findIndex((line) => /^(Run|See|Try) ['"`]|^Usage:/i.test(line));
  const said = advice > 0 ? lines.slice(0, advice) : lines;
  return said.findLast((line) => /^error\b/i.test(line)) ?? said.at(-1);
}
