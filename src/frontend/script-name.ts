import type { RawOptions } from "./option-value.ts";

/**
 * The path of the script among the build files. Where a `#syntax` line has led here, the Dockerfile frontend has read it in
 * its own default file.
 */
export function scriptNameOf(options: RawOptions): string {
  return options.get("filename") || (options.has("cmdline") ? "Dockerfile" : "build.lua");
}
