import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isRunning, listBackground } from "./background.ts";
import { cniProgram, startBuildkitd } from "./buildkitd.ts";
import { cdiDirectory, writeDevices } from "./cdi.ts";
import { installPrograms } from "./debian.ts";
import { down } from "./down.ts";
import { startGitServer } from "./git-server.ts";
import { buildGoTool, type GoTool } from "./go-tool.ts";
import { startHttpServer } from "./http-server.ts";
import { describeLayout, makeImages, pushImages, pushPrivateImage } from "./image.ts";
import { locked } from "./lock.ts";
import { hashFiles, type Place } from "./place.ts";
import { say } from "./progress.ts";
import { readRecord, type Testbed, writeRecord } from "./record.ts";
import { startAuthRegistry, startRegistry } from "./registry.ts";
import { TestbedUnavailable } from "./unavailable.ts";

const version = "v0.32.2";

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

/** Brings up what is not up yet and records it. */
export async function up(place: Place): Promise<Testbed> {
  const revision = hashFiles(place.scripts, ["."]);
  const recorded = readRecord(place);
  if (recorded?.revision === revision && listBackground(place).every((name) => isRunning(place, name))) return recorded;
  requireMachine();
  if (recorded?.revision !== revision) {
    if (recorded !== undefined) say("the testbed's scripts have changed: starting it anew");
    await down(place);
  }
  mkdirSync(place.state, { recursive: true, mode: 0o700 });
  const testbed = await bringUp(place, revision);
  writeRecord(place, testbed);
  return testbed;
}

async function bringUp(place: Place, revision: string): Promise<Testbed> {
  await installPrograms(programs);
  const { buildkitd, buildctl, layouts } = await locked(join(place.cache, "lock"), async () => ({
    ...(await buildTools(place)),
    layouts: await makeImages(place),
  }));
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
    entitlements: ["network.host", "security.insecure", "device"],
    cdi: cdiDirectory(place),
  });
  const images = await pushImages(layouts, registry);
  await pushPrivateImage(layouts, authRegistry);
  const ociLayout = describeLayout(layouts);
  return {
    revision,
    addr,
    version,
    buildctl,
    buildkitd,
    registry,
    authRegistry,
    images,
    ociLayout,
    git,
    http,
    devices,
  };
}

async function buildTools(place: Place): Promise<{ readonly buildkitd: string; readonly buildctl: string }> {
  const tool = (name: string): GoTool => ({
    module: "buildkit-v0.32",
    version,
    package: `github.com/moby/buildkit/cmd/${name}`,
    versionVariable: "github.com/moby/buildkit/version.Version",
  });
  // One after the other: each keeps all cores busy, and the second one finds most of its packages compiled.
  const buildkitd = await buildGoTool(place, tool("buildkitd"));
  return { buildkitd, buildctl: await buildGoTool(place, tool("buildctl")) };
}

function requireMachine(): void {
  if (process.platform !== "linux") throw new TestbedUnavailable("Linux", `this is ${process.platform}`);
  if (process.arch !== "x64") throw new TestbedUnavailable("an amd64 machine", `this is ${process.arch}`);
  if (process.getuid?.() !== 0)
    throw new TestbedUnavailable("root", "buildkitd mounts file systems and starts containers");
}
