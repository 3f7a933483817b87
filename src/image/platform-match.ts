import { formatPlatform, normalizePlatform, type Platform } from "../oci/platform.ts";

/** The platform of one entry of an image index. */
export interface DescriptorPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
  readonly osFeatures?: readonly string[] | undefined;
}

/**
 * The entry that containerd's `platforms.Only(wanted)` prefers: the best match first, entries without a platform last.
 * Undefined when nothing runs on `wanted`. Attestations (`unknown/unknown`) never match.
 */
export function matchPlatform<T extends { readonly platform?: DescriptorPlatform | undefined }>(
  wanted: Platform,
  entries: readonly T[],
): T | undefined {
  const ranks = new Map(acceptablePlatforms(wanted).map((platform, rank) => [formatPlatform(platform), rank]));
  let best: T | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const rank = entry.platform === undefined ? ranks.size : rankOf(entry.platform, ranks);
    if (rank !== undefined && rank < bestRank) [best, bestRank] = [entry, rank];
  }
  return best;
}

/** Whether an image made for `offered` runs on `wanted`. */
export function isRunnableOn(wanted: Platform, offered: DescriptorPlatform): boolean {
  return matchPlatform(wanted, [{ platform: offered }]) !== undefined;
}

/** All platforms that run on `wanted`, best first: amd64/v3 takes v2, v1 and 386; arm64 takes arm; arm/v7 takes v6, v5. */
export function acceptablePlatforms(wanted: Platform): readonly Platform[] {
  const { os, architecture, variant } = normalizePlatform(wanted);
  const of = (architecture: string, variant?: string) => normalizePlatform({ os, architecture, variant });
  switch (architecture) {
    case "amd64":
      return [of("amd64", variant), ...levelsBelow(variant, 1).map((level) => of("amd64", level)), of("386")];
    case "arm":
      return [of("arm", variant), ...levelsBelow(variant, 5).map((level) => of("arm", level))];
    case "arm64":
      return [
        ...arm64Levels(variant ?? "v8").map((level) => of("arm64", level)),
        ...["v8", "v7", "v6", "v5"].map((level) => of("arm", level)),
      ];
    default:
      return [of(architecture, variant)];
  }
}

function rankOf(platform: DescriptorPlatform, ranks: ReadonlyMap<string, number>): number | undefined {
  const features = platform.osFeatures?.filter((feature) => platform.os !== "windows" || feature !== "win32k") ?? [];
  if (features.length > 0) return undefined;
  return ranks.get(formatPlatform(normalizePlatform(platform)));
}

/** `v3` above 1 gives `v2`, `v1`. */
function levelsBelow(variant: string | undefined, lowest: number): readonly string[] {
  const level = Number(/^v(\d+)$/.exec(variant ?? "")?.[1] ?? 0);
  return level <= lowest ? [] : Array.from({ length: level - lowest }, (_, index) => `v${level - 1 - index}`);
}

/** ARMv9.x contains ARMv8.(x+5), so `v9.1` gives v9.1, v9, v8.6, … v8. */
function arm64Levels(variant: string): readonly string[] {
  const match = /^v([89])(?:\.(\d))?$/.exec(variant);
  if (match === null) return [variant];
  const minor = Number(match[2] ?? 0);
  const eighth = minorsDown("v8", match[1] === "9" ? minor + 5 : minor);
  return match[1] === "9" ? [...minorsDown("v9", minor), ...eighth] : eighth;
}

function minorsDown(major: string, minor: number): readonly string[] {
  const highest = Math.min(minor, 9);
  return Array.from({ length: highest + 1 }, (_, index) => (index === highest ? major : `${major}.${highest - index}`));
}
