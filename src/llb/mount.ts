import { mkdirAction } from "./action.ts";
import { copyAction } from "./action-copy.ts";
import { fileOp } from "./file.ts";
import { checkId, checkInteger, checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { cleanPath, isAbsolute } from "./path.ts";
import { type State, scratch, withMetadata } from "./state.ts";

/** A directory of another state. A writable one has an output. */
export interface BindMount {
  readonly type: "bind";
  readonly dest: string;
  readonly source: State;
  readonly readonly: boolean;
  readonly selector: string;
  readonly contentCache?: "on" | "off" | undefined;
}

/** A directory that the daemon keeps between builds. */
export interface CacheMount {
  readonly type: "cache";
  readonly dest: string;
  readonly id: string;
  readonly sharing: CacheSharing;
  /** What a new cache starts with. */
  readonly source: State;
  readonly selector: string;
}

export interface TmpfsMount {
  readonly type: "tmpfs";
  readonly dest: string;
  /** Bytes; 0 is no limit. */
  readonly size: number;
}

/** A secret of the client as a file. */
export interface SecretMount {
  readonly type: "secret";
  readonly dest: string;
  readonly id: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly optional: boolean;
}

/** The client's ssh agent as a socket. */
export interface SshMount {
  readonly type: "ssh";
  /** Absent: `/run/buildkit/ssh_agent.N`. */
  readonly dest?: string | undefined;
  readonly id: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly optional: boolean;
}

export type Mount = BindMount | CacheMount | TmpfsMount | SecretMount | SshMount;
export type CacheSharing = "shared" | "private" | "locked";

export interface BindOptions {
  /** A path inside the source. */
  readonly selector?: string | undefined;
  /** Default true. */
  readonly readonly?: boolean | undefined;
  readonly contentCache?: "on" | "off" | undefined;
}

export interface CacheOptions {
  /** Default: the destination. */
  readonly id?: string | undefined;
  /** Default `shared`. */
  readonly sharing?: CacheSharing | undefined;
  /** What a new cache starts with. */
  readonly from?: State | undefined;
  /** A path inside `from`. */
  readonly selector?: string | undefined;
  /** Owner and mode (default 0755) of the directory of a new cache. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mode?: number | undefined;
}

export interface SecretOptions {
  /** Default: the last part of the destination. */
  readonly id?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Default 0400. */
  readonly mode?: number | undefined;
  readonly optional?: boolean | undefined;
}

export interface SshOptions {
  /** Default `/run/buildkit/ssh_agent.N`. */
  readonly dest?: string | undefined;
  /** Default: the client's default agent. */
  readonly id?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Default 0600. */
  readonly mode?: number | undefined;
  readonly optional?: boolean | undefined;
}

/** Mounts a directory of `source` at `dest`, read-only unless told otherwise. */
export function bindMount(source: State, dest: string, options: BindOptions): BindMount {
  const readonly = options.readonly ?? true;
  const selector = selectorOf(options.selector);
  if (options.contentCache === "on" && !readonly && selector !== "") {
    throw invalid('content_cache = "on" needs a read-only mount, or one without a selector');
  }
  return { type: "bind", dest: destOf(dest), source, readonly, selector, contentCache: options.contentCache };
}

/** Mounts a directory that the daemon keeps between builds. */
export function cacheMount(dest: string, options: CacheOptions, context: Context): CacheMount {
  const target = destOf(dest);
  const id = options.id ?? cleanPath(target);
  if (id === "") throw invalid("id: the id of a cache is empty");
  checkText("id", id);
  const sharing = options.sharing ?? "shared";
  if (options.uid === undefined && options.gid === undefined && options.mode === undefined) {
    if (options.from === undefined && options.selector !== undefined)
      throw invalid("selector: a cache needs from for it");
    const selector = selectorOf(options.selector);
    return { type: "cache", dest: target, id, sharing, source: options.from ?? scratch, selector };
  }
  return { type: "cache", dest: target, id, sharing, source: ownedDirectory(options, context), selector: "/cache" };
}

// The daemon gives a new cache the owner and mode of the directory that it starts with.
function ownedDirectory(options: CacheOptions, context: Context): State {
  const owner = { user: options.uid ?? 0, group: options.gid ?? 0 };
  const actions = [mkdirAction("/cache", { mode: options.mode, owner })];
  const contents = options.from;
  const directory =
    contents === undefined
      ? fileOp(scratch, actions, context)
      : fileOp(scratch, [...actions, ...copyAction(contents, `/${options.selector ?? ""}`, "/cache/", {})], context);
  return withMetadata(directory, { name: "[internal] setting cache mount permissions" });
}

/** Mounts memory; `size` in bytes, no limit without. */
export function tmpfsMount(dest: string, options: { readonly size?: number | undefined }): TmpfsMount {
  const size = options.size ?? 0;
  checkInteger("size", size, 0, Number.MAX_SAFE_INTEGER);
  return { type: "tmpfs", dest: destOf(dest), size };
}

/** Mounts a secret as a file. */
export function secretMount(dest: string, options: SecretOptions): SecretMount {
  const target = destOf(dest);
  const id = options.id ?? cleanPath(target).split("/").at(-1) ?? "";
  if (id === "") throw invalid("id: the id of a secret is empty");
  checkText("id", id);
  return { type: "secret", dest: target, id, ...fileOf(options, 0o400) };
}

/** Mounts the client's ssh agent as a socket. */
export function sshMount(options: SshOptions): SshMount {
  const dest = options.dest === undefined ? undefined : destOf(options.dest);
  checkText("id", options.id ?? "");
  return { type: "ssh", dest, id: options.id ?? "", ...fileOf(options, 0o600) };
}

function fileOf(options: SecretOptions | SshOptions, mode: number) {
  checkId("uid", options.uid);
  checkId("gid", options.gid);
  if (options.mode !== undefined) checkInteger("mode", options.mode, 0, 0o777);
  return {
    uid: options.uid ?? 0,
    gid: options.gid ?? 0,
    mode: options.mode ?? mode,
    optional: options.optional ?? false,
  };
}

function destOf(dest: string): string {
  if (dest === "") throw invalid("dest: a mount needs a destination");
  checkText("dest", dest);
  if (cleanPath(dest) === "/") throw invalid("dest: the root is there already", "mount below it");
  return isAbsolute(dest) ? cleanPath(dest) : dest;
}

function selectorOf(selector: string | undefined): string {
  if (selector === undefined) return "";
  checkText("selector", selector);
  const path = cleanPath(`/${selector}`);
  return path === "/" ? "" : path;
}
