import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatPlatform, type Platform, parsePlatform } from "../oci/platform.ts";
import { flagValues, type Input } from "./command.ts";
import { hostPlatform } from "./host-platform.ts";

/** What `--platform` lists, each once. */
export function readPlatforms(input: Input): readonly Platform[] {
  const platforms = new Map<string, Platform>();
  for (const text of flagValues(input, "platform").flatMap((value) => value.split(","))) {
    const platform = readPlatform(text.trim());
    platforms.set(formatPlatform(platform), platform);
  }
  return [...platforms.values()];
}

/** `local` is buildx's word for the machine that the command runs on. */
function readPlatform(text: string): Platform {
  try {
    return text.toLowerCase() === "local" ? hostPlatform() : parsePlatform(text);
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError("usage", `--platform: ${error.message}`, { hint: error.hint, cause: error });
  }
}
