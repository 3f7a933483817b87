import type { LuakitError } from "../../diagnostic/luakit-error.ts";
import type { ByteString } from "./byte-string.ts";

/** How far a transfer is. */
export interface TransferProgress {
  /** Of data and of descriptions of files. */
  readonly bytes: number;
  /** Entries of the list so far. */
  readonly entries: number;
  /** What was sent or received last. */
  readonly path: ByteString;
}

/** Who wants to hear of a transfer. */
export interface TransferHooks {
  /** Called at most once in a turn of the event loop. */
  onProgress?(progress: TransferProgress): void;
  /** The transfer failed on this side; the daemon hears the same words. */
  onFailure?(error: LuakitError): void;
}
