import { type Platform, validatePlatform } from "../oci/platform.ts";
import { parseDigest } from "./digest.ts";
import { checkInteger, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { type SourceOp, sourceVertex } from "./source.ts";
import { type State, scratch } from "./state.ts";

/** `pull` asks the registry each time, `local` prefers what the daemon has. */
export type ResolveMode = "default" | "pull" | "local";

export interface ImageOptions {
  readonly platform?: Platform | undefined;
  /** `always` asks the registry each time, `never` prefers what the daemon has. */
  readonly resolve?: "default" | "always" | "never" | undefined;
  /** Write the digest that the reference has now (marshal's `digestOf` tells it). */
  readonly resolveDigest?: boolean | undefined;
  /** The digest that the reference must resolve to. */
  readonly checksum?: string | undefined;
  /** Keep only so many of the first layers. */
  readonly layerLimit?: number | undefined;
}

const prefix = "docker-image://";
const complete = /^(localhost|[^/]*[.:][^/]*)\/[a-z0-9][a-z0-9._/-]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** An image of a registry. `reference` is complete: `docker.io/library/alpine:3.20`, with a tag or a digest. */
export function image(reference: string, options: ImageOptions, context: Context): State {
  const match = complete.exec(reference);
  if (match === null) throw invalid(`"${reference}" is no complete image reference`);
  if (match[2] === undefined && match[3] === undefined) throw invalid(`"${reference}" has neither tag nor digest`);
  const attributes = new Map<string, string>();
  const caps = new Set(["source.image"]);
  if (options.resolve === "always") {
    attributes.set("image.resolvemode", "pull");
    caps.add("source.image.resolvemode");
  } else if (options.resolve === "never") {
    attributes.set("image.resolvemode", "local");
  }
  if (options.layerLimit !== undefined) {
    checkInteger("layer_limit", options.layerLimit, 1, 0x7fff_ffff);
    attributes.set("image.layerlimit", String(options.layerLimit));
    caps.add("source.image.layerlimit");
  }
  if (options.checksum !== undefined) {
    attributes.set("image.checksum", parseDigest("checksum", options.checksum));
    caps.add("source.image.checksum");
  }
  const platform = options.platform === undefined ? undefined : validatePlatform(options.platform);
  const pinned = options.resolveDigest || undefined;
  const vertex = sourceVertex({ identifier: prefix + reference, attributes, caps, platform, pinned }, context);
  return { ...scratch, output: { vertex, index: 0 }, base: vertex, platform };
}

/** The reference of an image source, undefined for other sources. */
export function imageReference(op: SourceOp): string | undefined {
  return op.identifier.startsWith(prefix) ? op.identifier.slice(prefix.length) : undefined;
}

/** The identifier of an image source with its digest written; one that has a digest already keeps it. */
export function pinnedIdentifier(op: SourceOp, digest: string | undefined): string {
  return digest === undefined || op.identifier.includes("@") ? op.identifier : `${op.identifier}@${digest}`;
}
