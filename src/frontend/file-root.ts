import type { Gateway } from "../gateway/gateway.ts";
import { marshalSource } from "../llb/marshal-source.ts";
import { local } from "../llb/source-local.ts";
import { type State, withMetadata } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { FileTree, type MarshalFiles } from "./file-tree.ts";

/** The files that are wanted of a directory. */
export interface FileSelection {
  /** Files by path, with what links in the path name. */
  readonly paths: readonly string[];
  /** Files by pattern. */
  readonly include?: readonly string[];
  /** What progress calls it. */
  readonly title: string;
  /** Builds with the same key share what the daemon has received before; without it everything is sent anew. */
  readonly key?: string;
}

/** A place that the files of a build are in. */
export interface FileRoot {
  /** Tells it from others. */
  readonly id: string;
  /** As errors name it. */
  readonly title: string;
  /** The client's directory that it is; absent for what the daemon has. */
  readonly local?: string;
  /** The directory in it that counts as its root, such as `sub/dir`. */
  readonly directory: string;
  open(selection: FileSelection): FileTree;
}

export interface LocalRootOptions {
  readonly platform: Platform;
  readonly sessionId: string | undefined;
}

/** A directory of the client, of which only what is wanted is transferred. */
export function localRoot(gateway: Gateway, name: string, { platform, sessionId }: LocalRootOptions): FileRoot {
  return {
    id: `local ${name}`,
    title: `the local directory "${name}"`,
    local: name,
    directory: "",
    open({ paths, include, title, key }) {
      const sharing = { sharedKeyHint: key ?? name, differ: key === undefined ? "prefer-none" : undefined } as const;
      const ask = (followPaths: readonly string[]) =>
        withMetadata(local(name, { followPaths, include, ...sharing, sessionId }, {}), { name: title });
      // Naming the files twice selects the same ones, with another cache key.
      return new FileTree(gateway, platform, marshalSource, ask(paths), ask([...paths, ...paths]));
    },
  };
}

export interface StateRootOptions {
  readonly platform: Platform;
  readonly title: string;
  readonly directory?: string | undefined;
}

/** What the daemon has, or fetches as a whole. */
export function stateRoot(gateway: Gateway, state: State, options: StateRootOptions): FileRoot {
  const { platform, title, directory = "" } = options;
  const tree = new FileTree(gateway, platform, marshalAny, state);
  return { id: title, title, directory, open: () => tree };
}

/** Of any State. Most clients send directories, for which less is loaded. */
export const marshalAny: MarshalFiles = async (state, options) =>
  (await import("../llb/marshal.ts")).marshal(state, options);
