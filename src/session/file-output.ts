import {
  closeSync,
  constants,
  fchmodSync,
  open as openLater,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { errorCode } from "../diagnostic/system-error.ts";
import type { Metadata } from "../rpc/metadata.ts";
import { descriptorSink, type FileSink } from "./file-sink.ts";
import { toByteString } from "./fsutil/byte-string.ts";
import { fileError } from "./fsutil/file-error.ts";

/** An output of one file: a tar, OCI or docker archive. */
export interface FileOutput {
  readonly kind: "file";
  /** The index of the exporter in the request. */
  readonly exporterId: number;
  /** Where the bytes go; called once at most. Undefined tells the daemon that they are there already. */
  open(metadata: Metadata): FileSink | undefined;
  /** The build succeeded: the file gets its name. Throws "file.write". */
  commit(): void;
  /** The build failed or was cancelled: no trace is left. */
  discard(): void;
}

const stdout = 1;
/** As many links as Linux follows. */
const mostLinks = 40;

/** Writes the bytes to stdout. */
export function stdoutOutput(exporterId: number): FileOutput {
  const open = () => descriptorSink({ fd: stdout, name: "stdout", after: "keep" });
  return { kind: "file", exporterId, open, commit: () => {}, discard: () => {} };
}

/**
 * A file that is there under its name only when the build has succeeded. Until then it is a temporary one beside it,
 * which is made now: a place that cannot be written to fails before the build. What exists and is no regular file, such
 * as a pipe, is written to as it is. Throws "file.write".
 */
export function fileOutput(exporterId: number, path: string): FileOutput {
  const existing = guard(path, () => statSync(path, { throwIfNoEntry: false }));
  return existing === undefined || existing.isFile()
    ? regularOutput(exporterId, path, existing)
    : specialOutput(exporterId, path);
}

function regularOutput(exporterId: number, path: string, existing: Stats | undefined): FileOutput {
  const target = resolveLinks(path);
  const temporary = `${target}.luakit-${crypto.randomUUID().slice(0, 8)}`;
  const fd = guard(path, () => openSync(temporary, "wx", 0o666));
  if (existing !== undefined) guard(path, () => fchmodSync(fd, existing.mode & 0o777));
  let isOpen = false;
  return {
    kind: "file",
    exporterId,
    open() {
      isOpen = true;
      return descriptorSink({ fd, name: path, after: "sync-and-close" });
    },
    commit() {
      if (!isOpen) throw new LuakitError("file.write", `the daemon sent nothing for ${path}`);
      guard(path, () => renameSync(temporary, target));
    },
    discard() {
      if (!isOpen) closeSync(fd);
      isOpen = true;
      rmSync(temporary, { force: true });
    },
  };
}

function specialOutput(exporterId: number, path: string): FileOutput {
  const open = () => descriptorSink({ fd: openWriting(path), name: path, after: "close" });
  return { kind: "file", exporterId, open, commit: () => {}, discard: () => {} };
}

/** Off the event loop, as a fifo opens when somebody reads it. */
function openWriting(path: string): Promise<number> {
  return new Promise((fulfil, reject) => {
    openLater(path, constants.O_WRONLY, (error, fd) => (error ? reject(error) : fulfil(fd)));
  });
}

/** Where a path leads that is, or is to be, a file: writing to a link is writing to what it names. */
function resolveLinks(path: string): string {
  let target = path;
  for (let count = 0; count < mostLinks; count++) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      return target;
    }
  }
  return target;
}

function guard<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      throw new LuakitError("file.write", `cannot write ${path}: its directory does not exist`, { cause: error });
    }
    throw fileError("file.write", "write", toByteString(path), error);
  }
}
