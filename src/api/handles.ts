import type { FileAction } from "../llb/file.ts";
import type { Mount } from "../llb/mount.ts";
import type { State } from "../llb/state.ts";
import { defineHandle, handle } from "../lua/handle.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";

export const stateHandle = defineHandle<State>({
  name: "State",
  doc: "A file tree in the making, with the settings of the steps that run in it. It never changes: every method gives a new one.",
  toText: (state) => `State(${describeState(state)})`,
});

export const mountHandle = defineHandle<Mount>({
  name: "Mount",
  doc: "Something that a step sees at a path while it runs; it goes into the list `mounts` of `state:run`.",
  toText: (mount) => `Mount(${mount.type} ${mount.dest ?? "default path"})`,
});

export const platformHandle = defineHandle<Platform>({
  name: "Platform",
  doc: "An operating system and an architecture, with a variant where there are several.",
  toText: formatPlatform,
});

/** File actions that are being collected for one op; closed when its callback has returned. */
export interface FileCollection {
  readonly actions: FileAction[];
  open: boolean;
}

export const filesHandle = defineHandle<FileCollection>({
  name: "Files",
  doc: "Collects the file operations of one `state:files` call. Each method gives the same Files again.",
  toText: (files) => `Files(${files.actions.length})`,
});

export const state = handle(stateHandle);
export const mount = handle(mountHandle);

function describeState({ output }: State): string {
  if (output === undefined) return "scratch";
  const { op } = output.vertex;
  return op.type === "source" ? op.identifier : op.type;
}
