import { LuakitError } from "../diagnostic/luakit-error.ts";
import { copyAction } from "../llb/action-copy.ts";
import { fileOp } from "../llb/file.ts";
import type { Context } from "../llb/location.ts";
import { type ImageOptions, image } from "../llb/source-image.ts";
import { type LocalOptions, local } from "../llb/source-local.ts";
import { type State, scratch, withMetadata } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";

/** What stands in the place of a local directory or an image that a script names, because the client says so. */
export type Replacement =
  | {
      readonly type: "local";
      readonly name: string;
      /** Patterns of its own ignore file. */
      readonly exclude: readonly string[];
      readonly sharedKeyHint?: string | undefined;
      readonly sessionId?: string | undefined;
      /** What progress shows. */
      readonly title?: string | undefined;
    }
  | { readonly type: "image"; readonly reference: string; readonly title?: string | undefined }
  /** Makes the same State for every call, at the place of the call. */
  | { readonly type: "state"; readonly make: (platform: Platform, context: Context) => State };

/** Knows what the client put in the place of what scripts name; undefined: nothing. */
export interface Replacements {
  local(name: string, platform: Platform): Replacement | undefined;
  /** `reference` is complete: `docker.io/library/alpine:latest`. */
  image(reference: string, platform: Platform): Replacement | undefined;
}

/** A replaced local directory, or the part of it that the options of `bk.local_` choose. */
export function replaceLocal(by: Replacement, options: LocalOptions, platform: Platform, context: Context): State {
  if (by.type === "local") return ownLocal(by, options, context);
  if (options.metadataOnly !== undefined && options.metadataOnly !== false) {
    throw new LuakitError("script.option", 'option "metadata_only": here this is no directory of the client');
  }
  const state = by.type === "image" ? ownImage(by, {}, context) : by.make(platform, context);
  const include = [...(options.include ?? []), ...(options.followPaths ?? [])];
  const exclude = options.exclude ?? [];
  if (include.length === 0 && exclude.length === 0) return state;
  return fileOp(scratch, copyAction(state, "/", "/", { include, exclude }), context);
}

/** A replaced image. Options about a registry's image count as far as there is one. */
export function replaceImage(by: Replacement, options: ImageOptions, platform: Platform, context: Context): State {
  if (by.type === "image") return ownImage(by, options, context);
  if (options.checksum !== undefined || options.layerLimit !== undefined) {
    const name = options.checksum === undefined ? "layer_limit" : "checksum";
    throw new LuakitError("script.option", `option "${name}": a named context that is no image takes its place`);
  }
  if (by.type === "local") return ownLocal(by, {}, context);
  return by.make(options.platform ?? platform, context);
}

type Local = Extract<Replacement, { type: "local" }>;

function ownLocal({ name, sharedKeyHint, sessionId, title, ...by }: Local, options: LocalOptions, context: Context) {
  const exclude = [...by.exclude, ...(options.exclude ?? [])];
  const hint = options.sharedKeyHint ?? sharedKeyHint;
  const state = local(name, { ...options, exclude, sharedKeyHint: hint, sessionId }, context);
  return title === undefined ? state : withMetadata(state, { name: title });
}

type Image = Extract<Replacement, { type: "image" }>;

function ownImage({ reference, title }: Image, options: ImageOptions, context: Context): State {
  const state = image(reference, options, context);
  return title === undefined ? state : withMetadata(state, { name: title });
}
