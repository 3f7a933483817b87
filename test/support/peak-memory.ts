import { readFileSync } from "node:fs";

/** Milliseconds between two looks. */
const pace = 5;

/**
 * Watches the peak of a process's resident memory, in bytes. The system's own figure for a child that has ended also
 * counts what its parent had when it was started, which in a run of many tests is more than the child ever needs.
 */
export function watchMemory(pid: number): { peak(): number } {
  let peak = 0;
  const look = () => {
    try {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      peak = Math.max(peak, Number(kilobytes ?? 0) * 1024);
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(look, pace);
  timer.unref();
  return {
    peak() {
      clearInterval(timer);
      return peak;
    },
  };
}
