import type { HostEnvironment } from "../../src/client/host-environment.ts";

/** A host with nothing but `variables`; nothing of the machine's own is seen. */
export function hostOf(home: string, variables: Readonly<Record<string, string>> = {}): HostEnvironment {
  return { variables: { PATH: "/nowhere", ...variables }, home, userId: 1000, system: "linux" };
}
