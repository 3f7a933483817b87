import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "./build.ts";
import { type BuildctlResult, testbed } from "./testbed.ts";

/** What `docker buildx build --call` is asked. */
export interface BuildxCall {
  /** The build's directory. */
  readonly files: Files;
  /** The build file in it. */
  readonly file: string;
  readonly method: string;
  readonly format?: "json";
  /** The frontend's image; without it that of the file's first line, or BuildKit's own. */
  readonly syntax?: string;
  readonly flags?: readonly string[];
  /** Another daemon than the newest one. */
  readonly addr?: string;
}

/** Runs `buildx build --call` with the remote driver. */
export function callBuildx(options: BuildxCall): Promise<BuildctlResult> {
  const { files, file, method, format, syntax, flags = [], addr = testbed().addr } = options;
  return inDirectory(async (directory) => {
    const build = join(directory, "build");
    const config = join(directory, "buildx");
    writeFiles(build, files);
    const created = await run(config, build, ["create", "--driver=remote", "--name=testbed", addr]);
    if (created.exitCode !== 0) throw new Error(created.stderr);
    const call = format === undefined ? method : `${method},format=${format}`;
    const given = syntax === undefined ? [] : [`--build-arg=BUILDKIT_SYNTAX=${syntax}`];
    const common = ["build", "--builder=testbed", "--progress=plain", `--call=${call}`, `--file=${file}`];
    return run(config, build, [...common, ...given, ...flags, "."]);
  });
}

async function run(config: string, cwd: string, argv: readonly string[]): Promise<BuildctlResult> {
  const { buildx } = testbed();
  if (buildx === undefined) throw new Error("the testbed has no buildx: run `bun scripts/testbed.ts up --with buildx`");
  const env = { ...process.env, BUILDX_CONFIG: config, NO_COLOR: "1" };
  const child = Bun.spawn([buildx, ...argv], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}
