import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "./build.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { gatewayImage } from "./gateway-image.ts";
import { testbed } from "./testbed.ts";

export interface ClientResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that asks a daemon to build, such as `buildx`; the words follow its name. */
export type Program = (...words: readonly string[]) => Promise<ClientResult>;

/** Calls with buildx, in a home where the only builder is the daemon at an address. It prints paths as it is given them. */
export function withBuildx<T>(addr: string, use: (buildx: Program) => Promise<T>, cwd = process.cwd()): Promise<T> {
  const { buildx = "" } = testbed();
  return inDirectory(async (home) => {
    const env = { PATH: process.env.PATH ?? "", HOME: home };
    expectSuccess(await run([buildx, "create", "--driver=remote", "--name=here", "--use", addr], env));
    return use((...words) => run([buildx, ...words], env, cwd));
  });
}

/**
 * Calls with docker and the address of an engine. `own` is a docker that talks to BuildKit itself, as those before v23
 * do, if there is one; otherwise buildx is its plugin.
 */
export function withDocker<T>(
  engine: "docker" | "moby",
  builder: "own" | "buildx",
  use: (docker: Program) => Promise<T>,
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

async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
): Promise<ClientResult> {
  const child = Bun.spawn([...argv], { env, cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/** Whose words a user reads: `buildctl` of a daemon, buildx with its remote driver, and `docker build` of an engine. */
export const clients = ["buildctl", "buildctl v0.21", "buildctl v0.12", "buildx", "docker"] as const;

export type Client = (typeof clients)[number];

export interface FailingBuild {
  /** `build.lua` and what is beside it. */
  readonly files: Files;
  /** Default: build.lua. */
  readonly filename?: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export interface Said {
  readonly exitCode: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** Builds a directory with luakit as the frontend, and gives what the client wrote and how it ended. */
export async function buildWith(client: Client, build: FailingBuild): Promise<Said> {
  const source = await gatewayImage();
  return inDirectory(async (directory) => {
    writeFiles(join(directory, "files"), withSyntax(build.files, source));
    const started = performance.now();
    const said = await start(client, directory, build);
    return { ...said, milliseconds: performance.now() - started };
  });
}

/** Only a line of the file tells an old engine which frontend builds it. */
function withSyntax(files: Files, source: string): Files {
  const named = Object.entries(files).map(([name, text]) => [
    name,
    name.endsWith(".lua") && typeof text === "string" ? `#syntax=${source}\n${text}` : text,
  ]);
  return Object.fromEntries(named);
}

async function start(client: Client, directory: string, build: FailingBuild): Promise<Omit<Said, "milliseconds">> {
  const { filename = "build.lua", target, buildArgs = {} } = build;
  const files = join(directory, "files");
  const { addr, v021, v012 } = testbed();
  if (client === "buildx" || client === "docker") {
    const args = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
    const targets = target === undefined ? [] : [`--target=${target}`];
    const words = ["build", "--progress=plain", "-f", join(files, filename), ...args, ...targets, files];
    const call = (program: Program) => program(...words);
    const result = client === "buildx" ? await withBuildx(addr, call) : await withDocker("docker", "buildx", call);
    return { exitCode: result.exitCode, text: result.stdout + result.stderr };
  }
  const addresses = { buildctl: addr, "buildctl v0.21": v021?.addr, "buildctl v0.12": v012?.addr };
  const { exitCode, stdout, stderr } = await gatewayBuild({
    directory: files,
    addr: addresses[client] ?? "",
    locals: { context: files },
    buildArgs,
    opts: { filename, ...(target !== undefined && { target }) },
  });
  return { exitCode, text: stdout + stderr };
}
