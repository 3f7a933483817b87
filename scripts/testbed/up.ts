import { existsSync, mkdirSync } from "node:fs";
import { isRunning, listBackground } from "./background.ts";
import { startBuildkitd } from "./buildkitd.ts";
import { cdiDirectory, writeDevices } from "./cdi.ts";
import { installPrograms } from "./debian.ts";
import { startDocker } from "./docker-engine.ts";
import { down } from "./down.ts";
import { startGitServer } from "./git-server.ts";
import { buildGoTool, type GoTool } from "./go-tool.ts";
import { startHttpServer } from "./http-server.ts";
import { describeLayout, makeImages, pushImages, pushPrivateImage } from "./image.ts";
import { pushLibrary } from "./library.ts";
import { locked } from "./lock.ts";
import { hashFiles, type Place } from "./place.ts";
import { say } from "./progress.ts";
import { type DockerEngine, type OldBuildkit, readRecord, type Testbed, writeRecord } from "./record.ts";
import { startAuthRegistry, startRegistry } from "./registry.ts";
import { cniProgram } from "./step-network.ts";
import { tools } from "./tools.ts";
import { TestbedUnavailable } from "./unavailable.ts";

/** What is not brought up unless asked for, by the name that `--with` takes. */
export const extras = { "v0.12": "v012", "v0.21": "v021", docker: "docker", moby: "moby", buildx: "buildx" } as const;

export type Extra = keyof typeof extras;

const programs = {
  runc: "runc",
  "docker-registry": "docker-registry",
  busybox: "busybox-static",
  debootstrap: "debootstrap",
  git: "git",
  ssh: "openssh-client",
  sshd: "openssh-server",
  [cniProgram]: "containernetworking-plugins",
};

/** Brings up what is not up yet and records it; extras that are up already stay. */
export async function up(place: Place, wanted: readonly Extra[]): Promise<Testbed> {
  const revision = hashFiles(place.scripts, ["."]);
  const recorded = readRecord(place);
  const missing = wanted.filter((extra) => recorded?.[extras[extra]] === undefined);
  // Someone may have emptied the cache.
  const current =
    recorded?.revision === revision && existsSync(recorded.buildctl) && existsSync(recorded.ociLayout.dir);
  if (current && missing.length === 0 && listBackground(place).every((name) => isRunning(place, name))) return recorded;
  if (!current) {
    if (recorded !== undefined) say("the testbed's scripts or cache have changed: starting it anew");
    await down(place);
  }
  mkdirSync(place.state, { recursive: true, mode: 0o700 });
  const base = await bringUp(place, revision);
  const all = Object.keys(extras).filter((extra): extra is Extra => extra in extras);
  const kept = all.filter((extra) => wanted.includes(extra) || recorded?.[extras[extra]] !== undefined);
  const testbed = { ...base, ...(await bringExtras(place, base, kept)) };
  writeRecord(place, testbed);
  return testbed;
}

async function bringUp(place: Place, revision: string): Promise<Testbed> {
  await installPrograms(programs);
  const buildkitd = await buildTool(place, tools.buildkitd);
  const buildctl = await buildTool(place, tools.buildctl);
  const layouts = await locked(place.cache, () => makeImages(place));
  const [registry, authRegistry, git, http] = await Promise.all([
    startRegistry(place),
    startAuthRegistry(place),
    startGitServer(place),
    startHttpServer(place),
  ]);
  const devices = writeDevices(place);
  const addr = await startBuildkitd(place, {
    name: "buildkitd",
    program: buildkitd,
    registries: [registry, authRegistry.host],
    mirror: registry,
    entitlements: ["network.host", "security.insecure", "device"],
    cdi: cdiDirectory(place),
  });
  const images = await pushImages(layouts, registry);
  await pushPrivateImage(layouts, authRegistry);
  await pushLibrary(place, layouts, registry);
  const { version } = tools.buildkitd;
  const ociLayout = describeLayout(layouts);
  return {
    ...{ revision, addr, version, buildctl, buildkitd },
    ...{ registry, authRegistry, images, ociLayout, git, http, devices },
  };
}

async function bringExtras(place: Place, base: Testbed, wanted: readonly Extra[]): Promise<Partial<Testbed>> {
  const registries = [base.registry, base.authRegistry.host];
  return {
    ...(wanted.includes("v0.12") ? { v012: await startOlder(place, "v0.12", registries) } : {}),
    ...(wanted.includes("v0.21") ? { v021: await startOlder(place, "v0.21", registries) } : {}),
    ...(wanted.includes("docker") ? { docker: await startDocker(place, { name: "docker", registries }) } : {}),
    ...(wanted.includes("moby") ? { moby: await startMoby(place, registries) } : {}),
    ...(wanted.includes("buildx") ? { buildx: await buildTool(place, tools.buildx) } : {}),
  };
}

async function startMoby(place: Place, registries: readonly string[]): Promise<DockerEngine> {
  return startDocker(place, {
    ...{ name: "moby", registries, cdi: cdiDirectory(place) },
    program: await buildTool(place, tools.dockerd),
  });
}

const older = {
  "v0.12": { daemon: tools.oldBuildkitd, client: tools.oldBuildctl, name: "buildkitd-v0.12", devices: false },
  "v0.21": { daemon: tools.middleBuildkitd, client: tools.middleBuildctl, name: "buildkitd-v0.21", devices: true },
} as const;

async function startOlder(
  place: Place,
  release: keyof typeof older,
  registries: readonly string[],
): Promise<OldBuildkit> {
  const { daemon, client, name, devices } = older[release];
  const program = await buildTool(place, daemon);
  const buildctl = await buildTool(place, client);
  const entitlements = ["network.host", "security.insecure", ...(devices ? ["device"] : [])];
  const cdi = devices ? { cdi: cdiDirectory(place) } : {};
  const addr = await startBuildkitd(place, { name, program, registries, entitlements, ...cdi });
  return { addr, version: daemon.version, buildctl };
}

/** One build at a time on the machine: each keeps all cores busy, and two would make the same file. */
function buildTool(place: Place, tool: GoTool): Promise<string> {
  return locked(place.cache, () => buildGoTool(place, tool));
}

/** Fails where no testbed is possible; says why. */
export function requireMachine(): void {
  if (process.platform !== "linux") throw new TestbedUnavailable("Linux", `this is ${process.platform}`);
  if (process.arch !== "x64") throw new TestbedUnavailable("an amd64 machine", `this is ${process.arch}`);
  if (process.getuid?.() !== 0)
    throw new TestbedUnavailable("root", "buildkitd mounts file systems and starts containers");
}
