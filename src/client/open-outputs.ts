import type { Progress } from "../progress/progress.ts";
import type { Service } from "../rpc/server.ts";
import type { HostEnvironment } from "./host-environment.ts";
import type { PlannedExport } from "./planned-export.ts";

export interface OutputOptions {
  readonly host: HostEnvironment;
  readonly progress: Pick<Progress, "clientVertex">;
}

/** What a build's exporters send, and where it goes. */
export interface OpenOutputs {
  readonly services: readonly Service[];
  /** Puts everything in its place, once the build has succeeded. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): void;
}

/** Makes ready to receive what exporters send. */
export async function openOutputs(
  _exports: readonly PlannedExport[],
  _options: OutputOptions,
): Promise<OpenOutputs> {
  return { services: [], commit: async () => {}, discard: () => {} };
}
