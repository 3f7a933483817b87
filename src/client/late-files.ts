import { FileSync } from "../gen/filesync.ts";
import { lateService, type Service } from "../rpc/server.ts";
import type { LocalDirectory } from "../session/file-sync.ts";
import type { TransferHooks } from "../session/fsutil/transfer-hooks.ts";

/** What sends local directories to the daemon. */
export interface LateFiles {
  readonly service: Service;
  /** Makes it ready, for a moment in which there is nothing else to do. */
  rehearse(): Promise<void>;
}

/** It is loaded when the daemon asks for files: before it does so it needs a graph, and most clients have yet to make one. */
export function lateFiles(directories: readonly LocalDirectory[], hooks: TransferHooks): LateFiles {
  const load = async () => {
    const { fileSync, openLibcOnce, rehearse } = await import("../session/file-sync.ts");
    const libc = openLibcOnce();
    return { service: fileSync(directories, hooks, libc), rehearse: () => rehearse(libc) };
  };
  let loading: ReturnType<typeof load> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    service: lateService([FileSync.DiffCopy.path], async () => (await loaded()).service),
    rehearse: async () => (await loaded()).rehearse(),
  };
}
