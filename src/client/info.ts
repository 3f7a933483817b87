import { Control } from "../gen/control.ts";
import type { Channel } from "../rpc/channel.ts";
import { statusCode, statusOf } from "../rpc/status.ts";
import { parseVersion } from "./daemon-traits.ts";
import { type BuildkitVersion, readVersion } from "./workers.ts";

/** The daemon's version; undefined when it is older than v0.11, which does not tell. */
export async function daemonVersion(channel: Channel): Promise<BuildkitVersion | undefined> {
  try {
    const { buildkitVersion } = await channel.unary(Control.Info, {});
    return readVersion(buildkitVersion);
  } catch (error) {
    if (statusOf(error)?.code === statusCode.unimplemented) return undefined;
    throw error;
  }
}

/** Whether a daemon is at least BuildKit v0.`minor`. Versions of one's own making, such as `dev`, count as new. */
export function isAtLeast(version: BuildkitVersion | undefined, minor: number): boolean {
  if (version === undefined) return false;
  const [major = 0, own = 0] = parseVersion(version.version) ?? [1];
  return major > 0 || own >= minor;
}
