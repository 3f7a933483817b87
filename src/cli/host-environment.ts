import type { HostEnvironment } from "../client/host-environment.ts";
import type { Terminal } from "./terminal.ts";

/** What finding a daemon and a login may look at. */
export function hostEnvironment({ variables }: Terminal): HostEnvironment {
  return {
    variables,
    home: variables.HOME || variables.USERPROFILE || "/",
    userId: process.getuid?.(),
    groupId: process.getgid?.(),
    system: process.platform,
  };
}
