import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "./build.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { type BuildctlOptions, type BuildctlResult, buildctlBuild } from "./testbed.ts";
import { readTree, type Tree } from "./tree.ts";

/** A build that a client asks of a frontend: `build.lua` is for luakit's image, `Dockerfile` for the daemon's own. */
export interface FrontendBuild extends Omit<BuildctlOptions, "definition" | "frontend" | "locals"> {
  readonly files: Files & ({ readonly "build.lua": string } | { readonly Dockerfile: string });
}

/** Builds with buildctl; the files are the context, too. */
export function frontendBuild(build: FrontendBuild): Promise<BuildctlResult> {
  return inDirectory((directory) => buildIn(directory, build));
}

/** The file tree that it gives; throws with buildctl's words when it does not. */
export async function frontendTree(build: FrontendBuild): Promise<Tree> {
  return inDirectory(async (directory) => {
    const archive = join(directory, "tree.tar");
    await built(buildIn(directory, { ...build, output: [`type=tar,dest=${archive}`] }));
    return readTree(readFileSync(archive));
  });
}

/** What buildctl writes beside the result. Throws when the build fails. */
export async function built(running: Promise<BuildctlResult>): Promise<string> {
  const { exitCode, stderr } = await running;
  if (exitCode !== 0) throw new Error(`the build exits with ${exitCode}:\n${stderr}`);
  return stderr;
}

/** What buildctl writes about a failure. Throws when the build succeeds. */
export async function failure(running: Promise<BuildctlResult>): Promise<string> {
  const { exitCode, stderr } = await running;
  if (exitCode === 0) throw new Error(`the build succeeds:\n${stderr}`);
  return stderr;
}

async function buildIn(directory: string, { files, ...rest }: FrontendBuild): Promise<BuildctlResult> {
  const place = join(directory, "files");
  writeFiles(place, files);
  if ("build.lua" in files) return gatewayBuild({ ...rest, directory: place, locals: { context: place } });
  return buildctlBuild({ ...rest, frontend: "dockerfile.v0", locals: { context: place, dockerfile: place } });
}
