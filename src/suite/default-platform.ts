import type { Platform } from "../oci/platform.ts";

/** What builds are for that name no platform: the same on every machine, so that graphs can be compared. */
export const defaultPlatform: Platform = { os: "linux", architecture: "amd64" };
