import { type BuildFlags, parseBuildFlags } from "../../src/client/build-flags.ts";
import type { BuildRequest } from "../../src/client/build-request.ts";
import type { DaemonTraits } from "../../src/client/daemon-traits.ts";
import type { FlagContext } from "../../src/client/flag-context.ts";

/** A command line without any flag of a build. */
export const noFlags: BuildFlags = {
  addr: undefined,
  builder: undefined,
  daemonless: false,
  tlsCaCert: undefined,
  tlsCert: undefined,
  tlsKey: undefined,
  tlsServerName: undefined,
  tlsDir: undefined,
  context: undefined,
  local: [],
  ociLayout: [],
  opt: [],
  buildArg: [],
  label: [],
  target: undefined,
  platforms: [],
  secret: [],
  ssh: [],
  registryTls: [],
  output: [],
  tag: [],
  push: false,
  load: false,
  annotation: [],
  cacheFrom: [],
  cacheTo: [],
  noCache: false,
  allow: [],
  attest: [],
  sbom: undefined,
  provenance: undefined,
  sourcePolicyFile: undefined,
  offline: false,
  progress: undefined,
  files: {},
};

/** The request of flags, in a directory that is there. */
export function requestOf(flags: Partial<BuildFlags>, context: Partial<FlagContext> = {}): Promise<BuildRequest> {
  return parseBuildFlags({ ...noFlags, ...flags }, { cwd: "/", variables: {}, stdout: "pipe", ...context });
}

export const buildkit: DaemonTraits = { kind: "buildkit", imageStore: false, containerd: false, version: [0, 32, 2] };
export const oldBuildkit: DaemonTraits = { ...buildkit, version: [0, 12, 5] };
/** A Docker Engine whose images are in containerd. */
export const containerdEngine: DaemonTraits = {
  kind: "docker",
  imageStore: true,
  containerd: true,
  version: [0, 25, 0],
};
export const graphdriverEngine: DaemonTraits = { ...containerdEngine, containerd: false };
