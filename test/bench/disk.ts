import { run } from "../../scripts/testbed/command.ts";
import type { DaemonBench } from "./bench.ts";

/** What others have written is on the disk before the time counts. */
export function settled<T>(make: () => T): () => Promise<T> {
  return async () => {
    const made = make();
    await run(["sync"]);
    return made;
  };
}

/** The daemon forgets all it has, and gives the disk back. */
export async function prune({ bed, daemon }: DaemonBench): Promise<void> {
  await run([bed.buildctl, "--addr", daemon.addr, "prune", "--all"]);
}
