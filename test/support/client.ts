import { existsSync } from "node:fs";
import { inDirectory, writeFiles } from "./build.ts";
import { testbed } from "./testbed.ts";

export interface ClientResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that asks a daemon to build, such as `buildx`; the words follow its name. */
export type Client = (...words: readonly string[]) => Promise<ClientResult>;

/** Calls with buildx, in a home where the only builder is the daemon at an address. */
export function withBuildx<T>(addr: string, use: (buildx: Client) => Promise<T>): Promise<T> {
  const { buildx = "" } = testbed();
  return inDirectory(async (home) => {
    const env = { PATH: process.env.PATH ?? "", HOME: home };
    expectSuccess(await run([buildx, "create", "--driver=remote", "--name=here", "--use", addr], env));
    return use((...words) => run([buildx, ...words], env));
  });
}

/**
 * Calls with docker and the address of an engine. `own` is a docker that talks to BuildKit itself, as those before v23
 * do, if there is one; otherwise buildx is its plugin.
 */
export function withDocker<T>(
  engine: "docker" | "moby",
  builder: "own" | "buildx",
  use: (docker: Client) => Promise<T>,
): Promise<T> {
  const { [engine]: found, buildx = "" } = testbed();
  if (found === undefined) throw new Error(`the testbed has no Docker Engine: up --with ${engine}`);
  const old = builder === "own" ? [found.docker, "/usr/bin/docker"].find(isOld) : undefined;
  return inDirectory((home) => {
    writeFiles(home, old !== undefined ? {} : { ".docker/cli-plugins/docker-buildx": { link: buildx } });
    const env = { PATH: process.env.PATH ?? "", HOME: home, DOCKER_HOST: found.host, DOCKER_BUILDKIT: "1" };
    return use((...words) => run([old ?? found.docker, ...words], env));
  });
}

function isOld(docker: string): boolean {
  if (!existsSync(docker)) return false;
  const version = Bun.spawnSync([docker, "--version"]).stdout.toString();
  return Number(/version (\d+)/.exec(version)?.[1] ?? 99) < 23;
}

/** As it is; throws with the program's words when it failed. */
export function expectSuccess(result: ClientResult): ClientResult {
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  return result;
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<ClientResult> {
  const child = Bun.spawn([...argv], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}
