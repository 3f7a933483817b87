import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { capture, run } from "./command.ts";
import { findProgram, installPrograms, needProgram } from "./debian.ts";
import { type Place, shortHash } from "./place.ts";
import type { DockerEngine } from "./record.ts";
import { chooseSubnet } from "./subnet.ts";

/** Starts a Docker Engine with data, sockets and a bridge of its own, and without a line in the machine's iptables. */
export async function startDocker(place: Place, registries: readonly string[]): Promise<DockerEngine> {
  await installPrograms({ dockerd: "docker.io", docker: "docker.io", ip: "iproute2" });
  const directory = join(place.state, "docker");
  const socket = join(directory, "docker.sock");
  const config = join(directory, "daemon.json");
  mkdirSync(directory, { recursive: true });
  await makeBridge(place);
  writeFileSync(
    config,
    JSON.stringify({
      hosts: [`unix://${socket}`],
      "data-root": join(directory, "data"),
      "exec-root": join(directory, "exec"),
      pidfile: join(directory, "docker.pid"),
      "insecure-registries": registries,
      bridge: bridgeName(place),
      iptables: false,
      ip6tables: false,
    }),
  );
  const docker = [needProgram("docker"), "-H", `unix://${socket}`];
  const version = [...docker, "version", "--format", "{{.Server.Version}}"];
  await ensureBackground(place, {
    name: "dockerd",
    argv: [needProgram("dockerd"), "--config-file", config],
    ready: async () => (await capture(version)).exitCode === 0,
    seconds: 60,
  });
  return { host: `unix://${socket}`, docker: needProgram("docker"), version: await run(version) };
}

/** Removes the bridge, which would outlive the engine. */
export async function removeBridge(place: Place): Promise<void> {
  if (findProgram("ip") !== undefined) await capture([needProgram("ip"), "link", "delete", bridgeName(place)]);
}

async function makeBridge(place: Place): Promise<void> {
  const ip = needProgram("ip");
  const name = bridgeName(place);
  if ((await capture([ip, "link", "show", name])).exitCode === 0) return;
  await run([ip, "link", "add", name, "type", "bridge"]);
  await run([ip, "address", "add", chooseSubnet(place, "docker").gateway, "dev", name]);
  await run([ip, "link", "set", name, "up"]);
}

/** At most 15 bytes, as the kernel wants it. */
function bridgeName(place: Place): string {
  return `lkt${shortHash(place.state)}`;
}
