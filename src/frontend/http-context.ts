import type { Gateway } from "../gateway/gateway.ts";
import { copyAction } from "../llb/action-copy.ts";
import { fileOp } from "../llb/file.ts";
import type { Context } from "../llb/location.ts";
import { http } from "../llb/source-http.ts";
import { type State, scratch, withMetadata } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { downloadName } from "../script/source-context.ts";
import { archiveHeaderLength, isArchive } from "./archive-header.ts";
import { marshalAny } from "./file-root.ts";
import { FileTree } from "./file-tree.ts";

/** A context that the daemon downloads. */
export interface HttpContext {
  /** Otherwise it is one file, which is the script too. */
  readonly isArchive: boolean;
  readonly make: (context: Context) => State;
  /** The file as it is. */
  readonly download: State;
}

export function isHttpContext(url: string): boolean {
  return /^https?:\/\//.test(url);
}

/** Downloads a context, and looks whether it is an archive, which is then unpacked. */
export async function readHttpContext(gateway: Gateway, url: string, platform: Platform): Promise<HttpContext> {
  const download = (context: Context) =>
    withMetadata(http(url, { filename: downloadName }, context), { name: "[internal] load remote build context" });
  const file = download({});
  const header = await new FileTree(gateway, platform, marshalAny, file).read(downloadName, archiveHeaderLength);
  if (typeof header === "string" || !isArchive(header)) return { isArchive: false, make: download, download: file };
  return { isArchive: true, download: file, make: (context) => unpacked(download(context), context) };
}

function unpacked(state: State, context: Context): State {
  return fileOp(scratch, copyAction(state, `/${downloadName}`, "/", { unpack: true }), context);
}
