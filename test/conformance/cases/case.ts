import { type CopyOptions, copyAction } from "../../../src/llb/action-copy.ts";
import { type RunOptions, run } from "../../../src/llb/exec.ts";
import { type FileAction, fileOp } from "../../../src/llb/file.ts";
import type { MarshalOptions } from "../../../src/llb/marshal.ts";
import { type ImageOptions, image } from "../../../src/llb/source-image.ts";
import { type LocalOptions, local } from "../../../src/llb/source-local.ts";
import { type State, withDir } from "../../../src/llb/state.ts";

/** A graph of ours, and how it is marshalled when that is special. */
export interface Graph {
  readonly state: State;
  readonly options: Partial<MarshalOptions>;
}

export const alpine = "docker.io/library/alpine:3.20";
export const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
export const here = {};

export function base(options: ImageOptions = {}): State {
  return image(alpine, options, here);
}

export function context(options: LocalOptions = {}): State {
  return local("context", options, here);
}

export function step(options: RunOptions = {}, state: State = base()): State {
  return run(state, "x", options, here);
}

export function on(...actions: readonly FileAction[]): State {
  return fileOp(withDir(base(), "/w"), actions, here);
}

export function copied(options: CopyOptions): State {
  return on(...copyAction(context(), "/a", "/b", options));
}

export function files(state: State, ...actions: readonly FileAction[]): State {
  return fileOp(state, actions, here);
}
