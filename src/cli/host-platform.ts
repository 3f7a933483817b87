import { type Platform, parsePlatform } from "../oci/platform.ts";

/** Linux on this machine's processor: a BuildKit daemon mostly runs beside us, and builds Linux images. */
export function hostPlatform(): Platform {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm: "arm" };
  return parsePlatform(`linux/${names[process.arch] ?? process.arch}`);
}
