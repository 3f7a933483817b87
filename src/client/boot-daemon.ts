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
  const reason = stderr.trim().split("\n").at(-1) || `${command.join(" ")} ends with ${exitCode}`;
  throw new LuakitError("daemon.unreachable", `${source} cannot be started: ${reason}`, { cause: why });
}
