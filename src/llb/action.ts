import { checkText, invalid } from "./invalid.ts";
import { messageLimit } from "./message-limit.ts";
import { createMode } from "./mode.ts";
import { type Owner, parseOwner } from "./owner.ts";

export interface MkdirAction {
  readonly type: "mkdir";
  readonly path: string;
  readonly mode: number;
  readonly makeParents: boolean;
  readonly owner?: Owner | undefined;
  /** It belongs to who runs the steps of the state. */
  readonly ownedByUser: boolean;
  readonly created?: bigint | undefined;
}

export interface MkfileAction {
  readonly type: "mkfile";
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode: number;
  readonly owner?: Owner | undefined;
  readonly created?: bigint | undefined;
}

export interface RmAction {
  readonly type: "rm";
  readonly path: string;
  readonly allowNotFound: boolean;
  readonly allowWildcard: boolean;
}

export interface SymlinkAction {
  readonly type: "symlink";
  readonly target: string;
  readonly path: string;
  readonly owner?: Owner | undefined;
  readonly created?: bigint | undefined;
}

export interface CreateOptions {
  readonly owner?: string | Owner | undefined;
  /** Unix time in nanoseconds. Default: when the step runs. */
  readonly created?: bigint | undefined;
}

export interface MkdirOptions extends CreateOptions {
  /** Default 0755. */
  readonly mode?: number | undefined;
  readonly makeParents?: boolean | undefined;
  readonly ownedByUser?: boolean | undefined;
}

export interface MkfileOptions extends CreateOptions {
  /** Default 0644. */
  readonly mode?: number | undefined;
}

export interface RmOptions {
  readonly allowNotFound?: boolean | undefined;
  readonly allowWildcard?: boolean | undefined;
}

/** Makes a directory. */
export function mkdirAction(path: string, options: MkdirOptions): MkdirAction {
  checkPath("path", path);
  return {
    type: "mkdir",
    path,
    mode: createMode(options.mode, 0o755),
    makeParents: options.makeParents ?? false,
    ownedByUser: options.ownedByUser ?? false,
    created: createdOf(options),
    owner: ownerOf(options),
  };
}

/** Makes a file, or empties the one that is there; its directory must exist. */
export function mkfileAction(path: string, data: string | Uint8Array, options: MkfileOptions): MkfileAction {
  checkPath("path", path);
  if (path.endsWith("/")) throw invalid(`"${path}" is the name of a directory`);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  if (bytes.length > messageLimit) {
    throw invalid(
      "the data is above 16 MiB, and a daemon takes no larger message",
      "put it into a file, and use bk.local_",
    );
  }
  return {
    type: "mkfile",
    path,
    data: bytes,
    mode: createMode(options.mode, 0o644),
    created: createdOf(options),
    owner: ownerOf(options),
  };
}

/** Removes files; one action per path. */
export function rmAction(paths: string | readonly string[], options: RmOptions): readonly RmAction[] {
  const list = typeof paths === "string" ? [paths] : paths;
  if (list.length === 0) throw invalid("rm: no path");
  return list.map((path) => {
    checkPath("path", path);
    if (/^[/.]*$/.test(path) && path.startsWith("/")) throw invalid(`rm: the root itself cannot be removed`);
    return {
      type: "rm",
      path,
      allowNotFound: options.allowNotFound ?? false,
      allowWildcard: options.allowWildcard ?? false,
    };
  });
}

/** Makes a symlink at `path` that says `target`. */
export function symlinkAction(target: string, path: string, options: CreateOptions): SymlinkAction {
  checkPath("target", target);
  checkPath("path", path);
  return { type: "symlink", target, path, created: createdOf(options), owner: ownerOf(options) };
}

/** The owner, checked. */
export function ownerOf({ owner }: CreateOptions): Owner | undefined {
  return owner === undefined ? undefined : parseOwner(owner);
}

/** The time, checked. */
export function createdOf({ created }: CreateOptions): bigint | undefined {
  if (created === undefined) return undefined;
  if (created < 0n) throw invalid("created: times before 1970 are not possible");
  if (created >= 1n << 63n) throw invalid("created: too far in the future");
  return created;
}

/** Throws unless `path` can be a path; `what` names the argument. */
export function checkPath(what: string, path: string): void {
  if (path === "") throw invalid(`${what}: the path is empty`);
  checkText(what, path);
}
