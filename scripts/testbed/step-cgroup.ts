import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Place } from "./place.ts";
import { listProcesses, readProcess, signalProcess } from "./process-table.ts";

const cgroups = "/sys/fs/cgroup";

/** The cgroup that the daemons put their steps and containers into. */
export function cgroupName(place: Place): string {
  return basename(place.state);
}

/** Ends what runs in steps and containers at once: a daemon waits for it, and a daemon that is killed leaves it. */
export function stopSteps(place: Place): void {
  const inside = (pid: number) => readProcess(pid, "cgroup")?.includes(`/${cgroupName(place)}/`) ?? false;
  for (const pid of listProcesses().filter(inside)) signalProcess(pid, "SIGKILL");
}

/** Removes the emptied cgroups: one tree in cgroup v2, one per controller in v1. */
export function removeCgroups(place: Place): void {
  for (const parent of [cgroups, ...listDirectories(cgroups)]) {
    const directory = join(parent, cgroupName(place));
    if (existsSync(directory)) removeTree(directory);
  }
}

function removeTree(directory: string): void {
  for (const child of listDirectories(directory)) removeTree(child);
  try {
    rmdirSync(directory);
  } catch {
    // A process that is still on its way out keeps it; an empty cgroup left behind harms nobody.
  }
}

function listDirectories(parent: string): string[] {
  if (!existsSync(parent)) return [];
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
}
