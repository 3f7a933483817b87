import { gatewayImage } from "./gateway-image.ts";
import { type BuildctlOptions, type BuildctlResult, buildctlBuild } from "./testbed.ts";

/** A build through our frontend's image. */
export interface GatewayOptions extends Omit<BuildctlOptions, "definition" | "frontend"> {
  /** Where `build.lua` is. */
  readonly directory: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** Builds `build.lua` of a directory with buildctl and luakit's image as `gateway.v0`. */
export async function gatewayBuild(options: GatewayOptions): Promise<BuildctlResult> {
  const { directory, buildArgs = {}, locals = {}, opts = {}, ...rest } = options;
  const given = Object.entries(buildArgs).map(([name, value]) => [`build-arg:${name}`, value]);
  return buildctlBuild({
    ...rest,
    frontend: "gateway.v0",
    locals: { dockerfile: directory, ...locals },
    opts: { source: await gatewayImage(), filename: "build.lua", ...Object.fromEntries(given), ...opts },
  });
}
