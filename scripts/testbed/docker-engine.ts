import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { capture, run } from "./command.ts";
import { findProgram, installPrograms, needProgram } from "./debian.ts";
import { type Place, shortHash } from "./place.ts";
import type { DockerEngine } from "./record.ts";
import { cgroupName } from "./step-cgroup.ts";
import { chooseSubnet } from "./subnet.ts";

/** What a Docker Engine needs from the machine, even one that does not come with Debian's package. */
const programs = { dockerd: "docker.io", docker: "docker.io", ip: "iproute2" };

export interface DockerOptions {
  /** Also the name of its directory. */
  readonly name: "docker" | "moby";
  readonly registries: readonly string[];
  /** Another dockerd than Debian's. */
  readonly program?: string;
  /** Where it looks for devices; Debian's knows none. */
  readonly cdi?: string;
}

/** Starts a Docker Engine with data, sockets and a bridge of its own, and without a line in the machine's iptables. */
export async function startDocker(place: Place, options: DockerOptions): Promise<DockerEngine> {
  const { name, registries, cdi } = options;
  await installPrograms(programs);
  const directory = join(place.state, name);
  const socket = join(directory, "docker.sock");
  const config = join(directory, "daemon.json");
  mkdirSync(directory, { recursive: true });
  const bridge = await makeBridge(place, name);
  writeFileSync(
    config,
    JSON.stringify({
      hosts: [`unix://${socket}`],
      "data-root": join(directory, "data"),
      "exec-root": join(directory, "exec"),
      pidfile: join(directory, "docker.pid"),
      "insecure-registries": registries,
      bridge,
      "cgroup-parent": `/${cgroupName(place)}`,
      iptables: false,
      ip6tables: false,
      builder: { entitlements: { "network-host": true, "security-insecure": true } },
      ...(cdi !== undefined && { "cdi-spec-dirs": [cdi] }),
    }),
  );
  const docker = [needProgram("docker"), "-H", `unix://${socket}`];
  const version = [...docker, "version", "--format", "{{.Server.Version}}"];
  await ensureBackground(place, {
    name,
    argv: [options.program ?? needProgram("dockerd"), "--config-file", config],
    ready: async () => (await capture(version)).exitCode === 0,
    seconds: 60,
  });
  return { host: `unix://${socket}`, docker: needProgram("docker"), version: await run(version) };
}

/** Removes the bridges, which would outlive the engines. */
export async function removeBridges(place: Place): Promise<void> {
  const ip = findProgram("ip");
  if (ip === undefined) return;
  for (const name of ["docker", "moby"] as const) await capture([ip, "link", "delete", nameBridge(place, name)]);
}

async function makeBridge(place: Place, name: DockerOptions["name"]): Promise<string> {
  const ip = needProgram("ip");
  const bridge = nameBridge(place, name);
  if ((await capture([ip, "link", "show", bridge])).exitCode === 0) return bridge;
  await run([ip, "link", "add", bridge, "type", "bridge"]);
  await run([ip, "address", "add", chooseSubnet(place, name).gateway, "dev", bridge]);
  await run([ip, "link", "set", bridge, "up"]);
  return bridge;
}

/** At most 15 bytes, as the kernel wants it. */
function nameBridge(place: Place, name: DockerOptions["name"]): string {
  return `${name}-${shortHash(place.state)}`;
}
