import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** Milliseconds between two looks. */
const pace = 2;

/** The peak of resident bytes of what a daemon of {@link startOwnBuildkitd} runs in containers during `work`. */
export async function watchFrontend(directory: string, work: () => Promise<unknown>): Promise<number> {
  const before = new Set(readdirSync("/proc"));
  const peaks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const pid of readdirSync("/proc")) {
      if (before.has(pid) || !/^\d+$/.test(pid)) continue;
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, residentPeak(pid, basename(directory))));
    }
  }, pace);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(0, ...peaks.values());
}

/** 0 for a process outside the daemon's containers, and for what starts them. */
function residentPeak(pid: string, parent: string): number {
  try {
    if (!readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(`/${parent}/`)) return 0;
    if (readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("runc")) return 0;
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
