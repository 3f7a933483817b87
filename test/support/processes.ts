import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** The command lines of all processes that have `text` in theirs, but for this one. */
export function processesWith(text: string): readonly string[] {
  return findProcesses(text).map(({ command }) => command);
}

/** The ids of these processes. */
export function processIdsWith(text: string): readonly number[] {
  return findProcesses(text).map(({ pid }) => pid);
}

/** Kills what has `text` in its command line, of these only programs called `name` if that is given. */
export function killProcessesWith(text: string, name?: string): void {
  for (const pid of processIdsWith(text)) {
    try {
      if (name !== undefined && readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== name) continue;
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof Error && "code" in error && ["ENOENT", "ESRCH"].includes(String(error.code)))) throw error;
    }
  }
}

function findProcesses(text: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return command.includes(text) ? [{ pid: Number(name), command }] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** The ids and programs of all processes that have `text` in their environment. */
export function processesWithVariable(text: string): readonly { readonly pid: number; readonly program: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(text)) return [];
      return [{ pid: Number(name), program: basename(readlinkSync(`/proc/${name}/exe`)) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
