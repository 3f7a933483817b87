import { withEngineSocket } from "./engine-socket.ts";
import { gatewayImage } from "./gateway-image.ts";
import { type BuildctlOptions, type BuildctlResult, buildctlBuild, testbed } from "./testbed.ts";

/** A build through our frontend's image. */
export interface GatewayOptions extends Omit<BuildctlOptions, "definition" | "frontend"> {
  /** Where `build.lua` is. */
  readonly directory: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Flags of `luakit build`, which become options of the frontend. */
  readonly flags?: readonly string[];
  readonly progress?: "plain" | "rawjson";
}

/** Builds `build.lua` of a directory with buildctl and luakit's image as `gateway.v0`. */
export async function gatewayBuild(options: GatewayOptions): Promise<BuildctlResult> {
  const { directory, buildArgs = {}, locals = {}, opts = {}, flags = [], args = [], progress, ...rest } = options;
  const given = Object.entries(buildArgs).map(([name, value]) => [`build-arg:${name}`, value]);
  const source = await gatewayImage();
  return withEngineSocket(rest.addr ?? testbed().addr, (addr) =>
    buildctlBuild({
      ...rest,
      addr,
      args: progress === undefined ? args : [`--progress=${progress}`, ...args],
      frontend: "gateway.v0",
      locals: { dockerfile: directory, ...locals },
      opts: { source, filename: "build.lua", ...Object.fromEntries(given), ...optionsOf(flags), ...opts },
    }),
  );
}

/** What flags are called that a frontend gets. It always resolves base images: the daemon that runs it is there. */
function optionsOf(flags: readonly string[]): Record<string, string> {
  const options = flags.flatMap((flag) => {
    if (flag === "--no-resolve") return [];
    const [, name, value] = /^--(platform|target|no-cache)(?:=(.*))?$/.exec(flag) ?? [];
    if (name === undefined) throw new Error(`no option of a frontend stands for ${flag}`);
    return [[name, value ?? ""] as const];
  });
  return Object.fromEntries(options);
}
