import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Progress } from "../progress/progress.ts";
import type { Service } from "../rpc/server.ts";
import type { FileOutput } from "../session/file-output.ts";
import type { DirectoryOutput } from "../session/file-send.ts";
import { expectWritable } from "./expect-writable.ts";
import type { HostEnvironment } from "./host-environment.ts";
import type { PlannedExport } from "./planned-export.ts";

export interface OutputOptions {
  readonly host: HostEnvironment;
  readonly progress: Pick<Progress, "clientVertex">;
  readonly signal: AbortSignal;
}

/** What a build's exporters send, and where it goes. */
export interface OpenOutputs {
  readonly services: readonly Service[];
  /** What went wrong on our side, which the daemon only knows as the end of a transfer. */
  readonly failure: () => LuakitError | undefined;
  /** Puts everything in its place, once the build has succeeded. Throws "file.write". */
  commit(): void;
  /** Leaves nothing behind. */
  discard(): void;
}

/** Makes ready to receive what exporters send; a place that cannot be written to fails here. Throws "file.write". */
export async function openOutputs(exports: readonly PlannedExport[], options: OutputOptions): Promise<OpenOutputs> {
  const open: (FileOutput | DirectoryOutput)[] = [];
  try {
    for (const [exporterId, { destination }] of exports.entries()) {
      const output = await openOutput(exporterId, destination, options);
      if (output !== undefined) open.push(output);
    }
  } catch (error) {
    for (const output of open) if (output.kind === "file") output.discard();
    throw error;
  }
  if (open.length === 0) return nothing;
  const { fileSend } = await import("../session/file-send.ts");
  let failure: LuakitError | undefined;
  const received = fileSend(open, {
    owner: ownerOf(options.host),
    onFailure: (error) => {
      // What the daemon breaks off, it explains itself.
      if (error.code !== "file.transfer") failure ??= error;
    },
  });
  return {
    services: [received.service],
    failure: () => failure,
    commit: () => received.commit(),
    discard: () => received.discard(),
  };
}

async function openOutput(
  exporterId: number,
  destination: PlannedExport["destination"],
  options: OutputOptions,
): Promise<FileOutput | DirectoryOutput | undefined> {
  if (destination.kind === "directory") {
    expectWritable(destination.path);
    return { ...destination, exporterId };
  }
  if (destination.kind === "file" || destination.kind === "stdout") {
    const { fileOutput, stdoutOutput } = await import("../session/file-output.ts");
    return destination.kind === "file" ? fileOutput(exporterId, destination.path) : stdoutOutput(exporterId);
  }
  if (destination.kind !== "load") return undefined;
  const { loadOutput } = await import("./load-output.ts");
  return loadOutput(exporterId, destination.context, options);
}

const nothing: OpenOutputs = {
  services: [],
  failure: () => undefined,
  commit: () => {},
  discard: () => {},
};

function ownerOf({ userId, groupId }: HostEnvironment): { readonly uid: number; readonly gid: number } | undefined {
  return userId === undefined || groupId === undefined ? undefined : { uid: userId, gid: groupId };
}
