import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit } from "./build.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { builtBy, daemonUnderTest } from "./role.ts";
import { solveHere } from "./solve-here.ts";
import {
  type BuildctlOptions,
  type BuildctlResult,
  buildctlBuild,
  type RawVertex,
  readRawStatus,
  testbed,
} from "./testbed.ts";
import { readTree, type Tree } from "./tree.ts";

/** The directory of an example. */
export function exampleDirectory(name: string): string {
  return join(import.meta.dir, "../../examples", name);
}

/** What the testbed's registry has in place of `docker.io/library`. */
export function libraryImages(): string {
  return `${testbed().registry}/library`;
}

export interface ExampleOptions extends Pick<BuildctlOptions, "secrets" | "ssh" | "env"> {
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export interface LuakitResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** Runs the executable in a directory, with the testbed's base images. */
export async function runLuakit(
  directory: string,
  words: readonly string[],
  buildArgs: Readonly<Record<string, string>> = {},
): Promise<LuakitResult> {
  const given = Object.entries({ IMAGES: libraryImages(), ...buildArgs });
  const args = given.map(([name, value]) => `--build-arg=${name}=${value}`);
  const child = Bun.spawn([luakit, ...words, ...args], { cwd: directory, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

/** What a command of luakit writes to stdout; throws when it fails. */
export async function luakitOutput(directory: string, ...words: readonly string[]): Promise<string> {
  return new TextDecoder().decode(expectSuccess(await runLuakit(directory, words)).stdout);
}

/** Builds `build.lua` of a directory, which is the context too, into `output`. */
export async function buildInto(directory: string, output: string, options: ExampleOptions = {}): Promise<string> {
  return expectSuccess(await build(directory, options, "plain", [output])).stderr;
}

/** The file tree that the `build.lua` of a directory gives. */
export function buildExample(directory: string, options: ExampleOptions = {}): Promise<Tree> {
  return inDirectory(async (temporary) => {
    const archive = join(temporary, "tree.tar");
    await buildInto(directory, `type=tar,dest=${archive}`, options);
    return readTree(readFileSync(archive));
  });
}

/** What buildctl says when the build fails; throws when it does not. */
export async function exampleFails(directory: string, options: ExampleOptions): Promise<string> {
  const { exitCode, stderr } = await build(directory, options, "plain");
  if (exitCode === 0) throw new Error(`the build succeeds:\n${stderr}`);
  return stderr;
}

/** The vertexes of a build by name, as the daemon told them last. */
export async function buildVertexes(directory: string): Promise<ReadonlyMap<string, RawVertex>> {
  const status = readRawStatus(expectSuccess(await build(directory, {}, "rawjson")).stderr);
  return new Map(status.flatMap(({ vertexes = [] }) => vertexes.map((vertex) => [vertex.name, vertex])));
}

/** Builds with buildctl what luakit emits, or in the role that the tests are run for. */
async function build(
  directory: string,
  options: ExampleOptions,
  progress: "plain" | "rawjson",
  output: readonly string[] = [],
): Promise<BuildctlResult> {
  const { buildArgs = {}, secrets = [], ssh = [], env = {} } = options;
  const asked = { locals: { context: directory }, secrets, ssh, env, output, addr: daemonUnderTest() };
  const role = builtBy();
  const given = { IMAGES: libraryImages(), ...buildArgs };
  if (role === "gateway") return gatewayBuild({ ...asked, directory, buildArgs: given, progress });
  if (role === "luakit") {
    return solveHere({ ...asked, luakit, allow: [], args: [], flags: [], directory, buildArgs: given, progress });
  }
  const { stdout } = expectSuccess(await runLuakit(directory, ["build"], buildArgs));
  return buildctlBuild({ ...asked, definition: stdout, args: [`--progress=${progress}`] });
}

function expectSuccess<R extends { readonly exitCode: number; readonly stderr: string }>(result: R): R {
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}:\n${result.stderr}`);
  return result;
}
