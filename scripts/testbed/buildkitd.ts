import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { ensureBackground } from "./background.ts";
import { needProgram } from "./debian.ts";
import { type Place, shortHash } from "./place.ts";

export interface BuildkitdOptions {
  /** Also the name of its directory. */
  readonly name: string;
  readonly program: string;
  readonly registries: readonly string[];
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
  writeFileSync(network, JSON.stringify(describeNetwork(directory), null, 2));
  writeFileSync(config, formatConfig(options, { directory, socket, network }));
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

function formatConfig(options: BuildkitdOptions, paths: BuildkitdPaths): string {
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
    `networkMode = "cni"`,
    `cniConfigPath = ${JSON.stringify(paths.network)}`,
    `cniBinaryPath = ${JSON.stringify(cniPlugins)}`,
    `[worker.containerd]`,
    `enabled = false`,
    ...options.registries.flatMap((host) => [`[registry.${JSON.stringify(host)}]`, `http = true`]),
    ...(options.cdi === undefined ? [] : [`[cdi]`, `specDirs = [${JSON.stringify(options.cdi)}]`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Where Debian's containernetworking-plugins puts them. */
const cniPlugins = "/usr/lib/cni";

/** A program whose presence says that the network plugins are installed. */
export const cniProgram = join(cniPlugins, "ptp");

/**
 * The network of steps with `network = "sandbox"`: an interface of its own that reaches the host and nothing else, so
 * that sandbox, host and none all look different to a step. ptp needs neither a bridge device nor iptables.
 */
function describeNetwork(directory: string): unknown {
  return {
    cniVersion: "0.4.0",
    name: `luakit-${shortHash(directory)}`,
    plugins: [
      {
        type: "ptp",
        ipam: {
          type: "host-local",
          subnet: chooseSubnet(directory),
          dataDir: join(directory, "ipam"),
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "loopback" },
    ],
  };
}

/** One of the 512 networks of 198.18.0.0/15, which is reserved for tests, by the daemon's directory. */
function chooseSubnet(directory: string): string {
  const number = Number.parseInt(shortHash(dirname(directory) + directory), 16) % 512;
  return `198.${18 + (number >> 8)}.${number & 255}.0/24`;
}
