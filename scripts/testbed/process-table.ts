import { readdirSync, readFileSync } from "node:fs";

/** Pids of all processes of the machine but this one and init. */
export function listProcesses(): number[] {
  const pids = readdirSync("/proc").map(Number);
  return pids.filter((pid) => pid > 1 && pid !== process.pid);
}

/** Start tick of a process; undefined for one that is gone or only waits for its parent to notice its end. */
export function readStart(pid: number): string | undefined {
  const fields = readProcess(pid, "stat")
    ?.replace(/^.*\) /s, "")
    .split(" ");
  return fields?.[0] === "Z" ? undefined : fields?.[19];
}

/** A file below /proc/PID; undefined when the process is gone. */
export function readProcess(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Sends a signal; a negative pid is a process group. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Ends processes, or with `sign` -1 the groups that they lead: politely, then after 5 s for good. */
export async function endProcesses(pids: readonly number[], sign: 1 | -1): Promise<void> {
  const alive = () => pids.filter((pid) => readStart(pid) !== undefined);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const pid of alive()) signalProcess(sign * pid, signal);
    const deadline = Date.now() + 5000;
    while (alive().length > 0 && Date.now() < deadline) await Bun.sleep(20);
  }
}
