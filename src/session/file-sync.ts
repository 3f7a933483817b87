import { LuakitError } from "../diagnostic/luakit-error.ts";
import { FileSync } from "../gen/filesync.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { type Metadata, metadataValue, metadataValues } from "../rpc/metadata.ts";
import type { Service } from "../rpc/server.ts";
import { makeStatus, statusCode } from "../rpc/status.ts";
import { type ByteString, toByteString, toText } from "./fsutil/byte-string.ts";
import { type Libc, openLibc } from "./fsutil/libc.ts";
import { LocalTree } from "./fsutil/local-tree.ts";
import { sendTree } from "./fsutil/send.ts";
import type { TransferHooks } from "./fsutil/transfer-hooks.ts";

/** What a build may read of this machine under a name. */
export interface LocalDirectory {
  readonly name: string;
  /** Absolute; of a directory, or of a file, which is served as a directory that holds only that file. */
  readonly path: string;
}

/** The C library, loaded once. */
export type OpenLibc = () => Promise<Libc | undefined>;

/** The service that sends local directories to the daemon. It sends nothing but what lies in one of `directories`. */
export function fileSync(
  directories: readonly LocalDirectory[],
  hooks: TransferHooks = {},
  libc: OpenLibc = openLibcOnce(),
): Service {
  return [[FileSync.DiffCopy.path, (call) => void libc().then((loaded) => answer(call, directories, loaded, hooks))]];
}

export function openLibcOnce(): OpenLibc {
  let libc: Promise<Libc | undefined> | undefined;
  return () => {
    libc ??= openLibc();
    return libc;
  };
}

/**
 * Goes through a transfer of one file to nobody: code that has run once is there when the daemon asks. For a moment in
 * which there is nothing else to do.
 */
export async function rehearse(libc: OpenLibc): Promise<void> {
  const nobody: ServerCall = {
    path: FileSync.DiffCopy.path,
    metadata: [["include-patterns", "*"]],
    start: (receiver) => queueMicrotask(() => receiver.end()),
    send: () => true,
    whenTaken: () => {},
    pause: () => {},
    resume: () => {},
    finish: () => {},
  };
  answer(nobody, [{ name: "", path: process.execPath }], await libc(), {});
}

function answer(
  call: ServerCall,
  directories: readonly LocalDirectory[],
  libc: Libc | undefined,
  hooks: TransferHooks,
): void {
  const name = toText(readValues(call.metadata, "dir-name")?.[0] ?? "");
  const directory = directories.find((each) => each.name === name);
  if (directory === undefined) {
    // Another session may have it: the daemon asks on when it reads this code.
    call.finish(makeStatus(statusCode.notFound, `no access allowed to dir ${JSON.stringify(name)}`));
    return;
  }
  try {
    sendTree(call, new LocalTree(directory.path, libc), rulesOf(call.metadata), hooks);
  } catch (error) {
    const failure =
      error instanceof LuakitError ? error : new LuakitError("file.read", String(error), { cause: error });
    call.finish(makeStatus(statusCode.unknown, failure.message));
    hooks.onFailure?.(failure);
  }
}

function rulesOf(metadata: Metadata) {
  return {
    include: readValues(metadata, "include-patterns"),
    exclude: readValues(metadata, "exclude-patterns"),
    followPaths: readValues(metadata, "followpaths"),
  };
}

/** All values under a key, which the daemon escapes when one of them is not ASCII; undefined when there are none. */
function readValues(metadata: Metadata, key: string): ByteString[] | undefined {
  const values = metadataValues(metadata, key);
  if (values.length === 0) return undefined;
  const isEscaped = /^(1|t|T|true|TRUE|True)$/.test(metadataValue(metadata, `${key}-encoded`) ?? "");
  return isEscaped ? values.map(unescapeQuery) : values.map(toByteString);
}

/** Go's `url.QueryUnescape`, as bytes. */
function unescapeQuery(value: string): ByteString {
  return value
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
