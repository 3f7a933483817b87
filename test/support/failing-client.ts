import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "./build.ts";
import { type Client as Program, withBuildx, withDocker } from "./client.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { gatewayImage } from "./gateway-image.ts";
import { testbed } from "./testbed.ts";

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
