import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { buildkitdOnPath } from "./buildkitd-on-path.ts";
import { gatewayImage } from "./gateway-image.ts";
import { cluster } from "./kube-stand-in.ts";
import { type OwnBuildkitd, startOwnBuildkitd } from "./own-buildkitd.ts";
import { forwardPort } from "./port-forward.ts";
import { copyImage } from "./registry.ts";
import { rootlessUser } from "./rootless-user.ts";
import { testbed } from "./testbed.ts";

/** A daemon that several pages build on; started when the first one asks for it. */
export interface SharedDaemon extends AsyncDisposable {
  start(): Promise<OwnBuildkitd>;
}

/** Where a page's blocks will run; what is put on `stack` ends with it. */
export interface Room {
  readonly home: string;
  /** First on PATH. */
  readonly bin: string;
  readonly cwd: string;
  readonly stack: AsyncDisposableStack;
  readonly shared: SharedDaemon;
  /** What runs the blocks, with `-c` and their text behind it; a {@link Furnish} may change it. */
  readonly shell: string[];
}

/** Brings what a page needs beside luakit, buildctl and a daemon, and gives the variables that go with it. */
export type Furnish = (room: Room) => Promise<Readonly<Record<string, string>>>;

/** What the pages need. Every other page gets nothing more. */
export const furnishings: Readonly<Record<string, readonly Furnish[]>> = {
  "README.md": [releases],
  "docs/install.md": [releases, withoutLuakit],
  "docs/tutorial.md": [localRegistry, currentBuilder],
  "docs/troubleshooting.md": [oldDaemon],
  "docs/migrate-dockerfile.md": [localRegistry, dockerWithBuildx],
  "docs/integration/buildctl.md": [localRegistry, daemonWithLuakit],
  "docs/integration/buildx.md": [localRegistry, daemonWithLuakit, dockerWithBuildx],
  "docs/integration/docker-engine.md": [dockerWithBuildx, engineWithImages, compose],
  "docs/integration/cache.md": [localRegistry, ownDaemon],
  "docs/integration/multi-platform.md": [localRegistry, daemonWithLuakit, dockerWithBuildx],
  "docs/integration/build-matrix.md": [localRegistry],
  "docs/integration/skaffold.md": [localRegistry],
  "docs/integration/tilt.md": [localRegistry],
  "docs/integration/kubernetes.md": [cluster],
  "docs/integration/rootless.md": [rootlessUser],
  "docs/integration/remote-builder.md": [buildkitdOnPath, dockerWithBuildx],
  "docs/integration/builder-pool.md": [localRegistry, buildkitdOnPath, dockerWithBuildx],
  "docs/integration/shared-cache.md": [localRegistry, buildkitdOnPath],
  "docs/integration/secrets.md": [registryWithLogin, dockerWithBuildx],
};

/** The name of luakit's image in pages. */
export const published = `ghcr.io/luakit-build/luakit:${packageJson.version}`;

/** github.com has a release with this luakit in it, and its install script installs into `~/.local/bin`, which is on PATH. */
export async function releases({ home, bin, stack }: Room): Promise<Record<string, string>> {
  const { releaseVariables } = await import("./github-releases.ts");
  const local = join(home, ".local/bin");
  const PATH = [bin, local, process.env.PATH].join(delimiter);
  return { PATH, LUAKIT_INSTALL_DIR: local, ...(await releaseVariables(home, stack)) };
}

/** The page installs luakit itself. */
export async function withoutLuakit({ bin }: Room): Promise<Record<string, string>> {
  rmSync(join(bin, "luakit"));
  return {};
}

/** `localhost:5000` is a registry without a login: the testbed's. */
export async function localRegistry({ stack }: Room): Promise<Record<string, string>> {
  stack.use(await forwardPort(5000, testbed().registry));
  return {};
}

/** `localhost:5001` is the testbed's registry that wants a login. */
export async function registryWithLogin({ stack }: Room): Promise<Record<string, string>> {
  stack.use(await forwardPort(5001, testbed().authRegistry.host));
  return {};
}

/** OLD_DAEMON is the address of the oldest BuildKit that luakit works with. */
export async function oldDaemon(): Promise<Record<string, string>> {
  const { v012 } = testbed();
  if (v012 === undefined) throw new Error("the testbed has no BuildKit v0.12");
  return { OLD_DAEMON: v012.addr };
}

/** A daemon that nothing else builds on. */
export async function ownDaemon({ stack }: Room): Promise<Record<string, string>> {
  const daemon = stack.use(await startOwnBuildkitd({ mirrors: { "docker.io": testbed().registry } }));
  return { BUILDKIT_HOST: daemon.addr };
}

/** A daemon that finds luakit's image under its published name; pages share it, and what they have compiled on it. */
export async function daemonWithLuakit({ shared }: Room): Promise<Record<string, string>> {
  return { BUILDKIT_HOST: (await shared.start()).addr };
}

/** The daemon of {@link daemonWithLuakit}. */
export function shareDaemon(): SharedDaemon {
  let started: Promise<OwnBuildkitd> | undefined;
  const start = async () => {
    const { registry } = testbed();
    await copyImage(await gatewayImage(), published.replace("ghcr.io", registry));
    return startOwnBuildkitd({ mirrors: { "docker.io": registry, "ghcr.io": registry } });
  };
  return {
    start: () => {
      started ??= start();
      return started;
    },
    [Symbol.asyncDispose]: async () => (await started)?.stop(),
  };
}

/** `docker`, with buildx as its plugin, on the testbed's engine; `docker build` is BuildKit's. */
export async function dockerWithBuildx({ home }: Room): Promise<Record<string, string>> {
  const { docker, buildx } = testbed();
  if (docker === undefined || buildx === undefined) throw new Error("the testbed has no docker, or no buildx");
  const plugins = join(home, ".docker/cli-plugins");
  mkdirSync(plugins, { recursive: true });
  symlinkSync(buildx, join(plugins, "docker-buildx"));
  return { DOCKER_HOST: docker.host, DOCKER_BUILDKIT: "1" };
}

/** Docker whose current builder of buildx finds luakit's image under its published name; no daemon is named beside it. */
export async function currentBuilder(room: Room): Promise<Record<string, string>> {
  const env = await dockerWithBuildx(room);
  const { addr } = await room.shared.start();
  const create = ["docker", "buildx", "create", "--name", "tutorial", "--driver", "remote", "--use", addr];
  await run(create, { env: { HOME: room.home, ...env } });
  return { ...env, BUILDKIT_HOST: "" };
}

/**
 * The engine of {@link dockerWithBuildx} has busybox, luakit's image under its published name, and no daemon is named
 * beside it but by BUILDER. An engine takes other registries' images from nowhere else.
 */
export async function engineWithImages(): Promise<Record<string, string>> {
  const { docker, registry } = testbed();
  const client = [docker?.docker ?? "docker", "--host", docker?.host ?? ""];
  const images = [
    [await gatewayImage(), published],
    [`${registry}/library/busybox:latest`, "busybox:1"],
  ] as const;
  for (const [image, name] of images) {
    await run([...client, "pull", "--quiet", image]);
    await run([...client, "tag", image, name]);
  }
  return { BUILDKIT_HOST: "", BUILDER: testbed().addr };
}

/** `docker-compose`, which Debian has. */
export async function compose(): Promise<Record<string, string>> {
  await installPrograms({ "docker-compose": "docker-compose" });
  return {};
}
