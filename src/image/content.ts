import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatPlatform, normalizePlatform, type Platform } from "../oci/platform.ts";
import type { ImageConfig } from "./config.ts";
import { type Descriptor, parseManifest, type RawManifest } from "./manifest.ts";
import { parseImageConfig } from "./parse-config.ts";
import { isRunnableOn, matchPlatform } from "./platform-match.ts";

/** Where manifests and blobs of one image come from; everything that it returns has been checked against its digest. */
export interface ContentSource {
  /** By tag or digest. */
  manifest(reference: string): Promise<RawManifest>;
  blob(descriptor: Descriptor): Promise<Uint8Array>;
}

export interface ImageContent {
  /** The digest of what the name stands for: of the index if there is one. */
  readonly digest: string;
  /** The platform of the image that was chosen. */
  readonly platform: Platform;
  readonly config: ImageConfig;
  readonly configDigest: string;
  /** The config as the registry has it, byte for byte. */
  readonly configBytes: Uint8Array;
}

const maxDepth = 4;
const maxConfig = 8 * 1024 * 1024;

/** Reads the config of the image for `platform` behind a tag or digest. Throws "image.resolve" or "image.config". */
export async function readImage(source: ContentSource, reference: string, platform: Platform): Promise<ImageContent> {
  const root = await source.manifest(reference);
  const { descriptor, entry } = await findConfig(source, root, platform, 0);
  if (descriptor.size > maxConfig) throw new LuakitError("image.resolve", "its config is larger than 8 MiB");
  const configBytes = await source.blob(descriptor);
  const config = parseImageConfig(configBytes);
  const own = platformOf(config, platform);
  if (entry !== undefined && entry.platform === undefined && !isRunnableOn(platform, own)) {
    throw noPlatform(platform, [formatPlatform(own)]);
  }
  return { digest: root.digest, platform: own, config, configDigest: descriptor.digest, configBytes };
}

async function findConfig(
  source: ContentSource,
  raw: RawManifest,
  platform: Platform,
  depth: number,
  entry?: Descriptor,
): Promise<{ descriptor: Descriptor; entry: Descriptor | undefined }> {
  const manifest = parseManifest(raw);
  if (manifest.kind === "image") return { descriptor: manifest.config, entry };
  if (depth === maxDepth) throw new LuakitError("image.resolve", "its indexes are nested too deeply");
  const chosen = matchPlatform(platform, manifest.manifests);
  if (chosen === undefined) throw noPlatform(platform, offeredPlatforms(manifest.manifests));
  return findConfig(source, await source.manifest(chosen.digest), platform, depth + 1, chosen);
}

function platformOf(config: ImageConfig, wanted: Platform): Platform {
  return normalizePlatform({
    os: config.os || wanted.os,
    architecture: config.architecture || wanted.architecture,
    variant: config.variant,
  });
}

function offeredPlatforms(entries: readonly Descriptor[]): readonly string[] {
  const known = entries.flatMap(({ platform }) => (platform === undefined ? [] : [platform]));
  const images = known.filter(({ os, architecture }) => os !== "unknown" && architecture !== "unknown");
  const names = images.map((each) => formatPlatform(normalizePlatform(each)));
  return [...new Set(names)].sort();
}

function noPlatform(wanted: Platform, offered: readonly string[]): LuakitError {
  const has = offered.length === 0 ? "it has none" : `it has ${offered.join(", ")}`;
  const hint = offered[0] === undefined ? undefined : `choose one with platform = "${offered[0]}"`;
  return new LuakitError("image.resolve", `there is no image for ${formatPlatform(wanted)}: ${has}`, { hint });
}
