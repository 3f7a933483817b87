import { LuakitError } from "../diagnostic/luakit-error.ts";
import { FileSend } from "../gen/filesync.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { metadataValue } from "../rpc/metadata.ts";
import type { Service } from "../rpc/server.ts";
import { makeStatus, statusCode } from "../rpc/status.ts";
import type { FileOutput } from "./file-output.ts";
import { FileReceiver } from "./file-receiver.ts";
import { type Libc, openLibc } from "./fsutil/libc.ts";
import { MadeEntries } from "./fsutil/made-entries.ts";
import { receiveTree } from "./fsutil/receive.ts";
import type { TransferHooks } from "./fsutil/transfer-hooks.ts";

/** gRPC's ALREADY_EXISTS. */
const alreadyExists = 6;

/** An output of many files below a directory. Several transfers may write to it at a time, one for each platform. */
export interface DirectoryOutput {
  readonly kind: "directory";
  /** The index of the exporter in the request. */
  readonly exporterId: number;
  /** Absolute; it is made when it is missing. */
  readonly path: string;
  /** `delete` removes what the result does not have. */
  readonly mode: "copy" | "delete";
}

export interface FileSendOptions extends TransferHooks {
  /** Whom files in directories are to belong to: the user and group of this process, when it can tell. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/** The outputs of a build that come over the session. */
export interface Outputs {
  readonly service: Service;
  /** The build succeeded: files get their names. Throws "file.write". */
  commit(): void;
  /** The build failed or was cancelled: what was made is removed, and nothing more is written. */
  discard(): void;
}

/** What becomes of the calls of one exporter. */
interface Handler {
  take(call: ServerCall): void;
  commit(): void;
  discard(): void;
}

/** Receives what exporters send to this machine. */
export function fileSend(outputs: readonly (FileOutput | DirectoryOutput)[], options: FileSendOptions = {}): Outputs {
  const handlers = new Map(
    outputs.map((output) => [
      output.exporterId,
      output.kind === "file" ? fileHandler(output, options) : directoryHandler(output, options),
    ]),
  );
  return {
    service: [[FileSend.DiffCopy.path, (call) => choose(call, handlers)]],
    commit() {
      for (const handler of handlers.values()) handler.commit();
    },
    discard() {
      for (const handler of handlers.values()) handler.discard();
      handlers.clear();
    },
  };
}

/** A daemon before v0.13 has one exporter and does not number it. */
function choose(call: ServerCall, handlers: ReadonlyMap<number, Handler>): void {
  const id = Number(metadataValue(call.metadata, "buildkit-attachable-exporter-id") ?? 0);
  const handler = handlers.get(id);
  if (handler === undefined) fail(call, `exporter ${id} not found`);
  else handler.take(call);
}

function fileHandler(output: FileOutput, options: FileSendOptions): Handler {
  let isOpen = false;
  let receiver: FileReceiver | undefined;
  return {
    take(call) {
      if (isOpen) {
        fail(call, `exporter ${output.exporterId} has sent its file already`);
        return;
      }
      isOpen = true;
      const sink = output.open(call.metadata);
      if (sink === undefined) {
        call.finish(makeStatus(alreadyExists, "target already exists"));
        return;
      }
      receiver = new FileReceiver(call, sink, options);
      call.start(receiver);
    },
    commit: () => output.commit(),
    discard() {
      receiver?.cancel();
      output.discard();
    },
  };
}

function directoryHandler(output: DirectoryOutput, options: FileSendOptions): Handler {
  const made = new MadeEntries(output.path);
  const shared = { ...output, owner: options.owner, directories: new Set<string>(), made };
  const stops: (() => void)[] = [];
  let isOver = false;
  let libc: Promise<Libc | undefined> | undefined;
  return {
    take(call) {
      if (output.mode === "delete" && metadataValue(call.metadata, "buildkit-exporter-multi-platform") !== "1") {
        // The files of each platform would remove those of the others.
        const text = "mode=delete needs a daemon that sends all platforms at once: BuildKit v0.31 or newer";
        fail(call, text);
        options.onFailure?.(new LuakitError("usage", text));
        return;
      }
      libc ??= openLibc();
      libc.then((loaded) => {
        if (!isOver) stops.push(receiveTree(call, { ...shared, libc: loaded }, options));
      });
    },
    commit: () => {},
    discard() {
      isOver = true;
      for (const stop of stops) stop();
      made.remove();
    },
  };
}

function fail(call: ServerCall, text: string): void {
  call.finish(makeStatus(statusCode.unknown, text));
}
