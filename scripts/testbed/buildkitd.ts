import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { needProgram } from "./debian.ts";
import type { Place } from "./place.ts";
import { cgroupName } from "./step-cgroup.ts";
import { cniPlugins, describeNetwork } from "./step-network.ts";

export interface BuildkitdOptions {
  /** Also the name of its directory. */
  readonly name: "buildkitd" | "buildkitd-v0.12" | "buildkitd-v0.21";
  readonly program: string;
  readonly registries: readonly string[];
  /** A registry that is asked first for what Docker Hub has. */
  readonly mirror?: string;
  readonly entitlements: readonly string[];
  readonly cdi?: string;
}

/** Starts a buildkitd with its own root and socket, and gives its address. */
export async function startBuildkitd(place: Place, options: BuildkitdOptions): Promise<string> {
  const directory = join(place.state, options.name);
  mkdirSync(directory, { recursive: true });
  const socket = join(directory, "buildkitd.sock");
  const config = join(directory, "buildkitd.toml");
  const network = join(directory, "network.conflist");
  writeFileSync(network, JSON.stringify(describeNetwork(place, options.name), null, 2));
  writeFileSync(config, formatConfig(place, options, { directory, socket, network }));
  await ensureBackground(place, {
    name: options.name,
    argv: [options.program, "--config", config],
    ready: () => canConnect(socket),
  });
  return `unix://${socket}`;
}

/** True when something accepts connections on the unix socket. */
export function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const answer = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

interface BuildkitdPaths {
  readonly directory: string;
  readonly socket: string;
  readonly network: string;
}

function formatConfig(place: Place, options: BuildkitdOptions, paths: BuildkitdPaths): string {
  const lines = [
    `root = ${JSON.stringify(join(paths.directory, "root"))}`,
    `insecure-entitlements = ${JSON.stringify(options.entitlements)}`,
    `[grpc]`,
    `address = [${JSON.stringify(`unix://${paths.socket}`)}]`,
    `[worker.oci]`,
    `enabled = true`,
    `gc = false`,
    `snapshotter = "overlayfs"`,
    `binary = ${JSON.stringify(needProgram("runc"))}`,
    `defaultCgroupParent = ${JSON.stringify(cgroupName(place))}`,
    `networkMode = "cni"`,
    `cniConfigPath = ${JSON.stringify(paths.network)}`,
    `cniBinaryPath = ${JSON.stringify(cniPlugins)}`,
    `[worker.containerd]`,
    `enabled = false`,
    ...options.registries.flatMap((host) => [`[registry.${JSON.stringify(host)}]`, `http = true`]),
    ...(options.mirror === undefined
      ? []
      : [`[registry."docker.io"]`, `mirrors = [${JSON.stringify(options.mirror)}]`]),
    ...(options.cdi === undefined ? [] : [`[cdi]`, `specDirs = [${JSON.stringify(options.cdi)}]`]),
  ];
  return `${lines.join("\n")}\n`;
}
