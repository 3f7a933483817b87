import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { executable } from "./executable.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { builtBy, daemonUnderTest } from "./role.ts";
import { solveHere } from "./solve-here.ts";
import { type BuildctlOptions, type BuildctlResult, buildctlBuild, type RawStatus, readRawStatus } from "./testbed.ts";
import { readTree, type Tree } from "./tree.ts";

/** The executable that tests run. */
export const luakit = executable;

/** Path to contents; missing directories are made. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** How a script becomes a Definition, and how buildctl builds it. */
export interface BuildOptions extends Pick<BuildctlOptions, "secrets" | "ssh" | "allow" | "args" | "env" | "addr"> {
  /** Further flags of `luakit build`. */
  readonly flags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What lies beside `build.lua`: modules, ignore files. */
  readonly files?: Files;
  /** Local sources by name: a directory, or the files of one. */
  readonly locals?: Readonly<Record<string, string | Files>>;
  /** Who builds; default: whoever the tests are run for. */
  readonly role?: ReturnType<typeof builtBy>;
}

export interface EmitResult {
  readonly exitCode: number;
  readonly definition: Uint8Array;
  readonly stderr: string;
}

/** Text that no build before has seen, so that no cache can answer for a step that has it. */
export function unique(): string {
  return crypto.randomUUID();
}

/** Runs `luakit build` on a script, which is `build.lua` in a directory of its own. */
export function emit(script: string, options: BuildOptions = {}): Promise<EmitResult> {
  return inDirectory((directory) => emitIn(directory, script, options));
}

/** The file tree that a script builds; throws with both programs' words when it does not. */
export async function buildTree(script: string, options: BuildOptions = {}): Promise<Tree> {
  return (await build(script, options)).tree;
}

/** As {@link buildTree}, with what buildctl wrote: its plain progress. */
export function build(script: string, options: BuildOptions = {}): Promise<{ tree: Tree; stderr: string }> {
  return inDirectory(async (directory) => {
    const archive = join(directory, "tree.tar");
    const result = await solve(directory, script, options, "plain", [`type=tar,dest=${archive}`]);
    if (result.exitCode !== 0) throw new Error(`the build exits with ${result.exitCode}:\n${result.stderr}`);
    return { tree: readTree(readFileSync(archive)), stderr: result.stderr };
  });
}

/** What buildctl writes when the daemon refuses what the script asks for; throws when the build succeeds. */
export function buildFails(script: string, options: BuildOptions = {}): Promise<string> {
  return inDirectory(async (directory) => {
    const { exitCode, stderr } = await solve(directory, script, options, "plain");
    if (exitCode === 0) throw new Error(`the build succeeds:\n${stderr}`);
    return stderr;
  });
}

/** The Definition and the daemon's status messages; throws when the build fails. */
export function buildStatus(
  script: string,
  options: BuildOptions = {},
): Promise<{ definition: Uint8Array; status: readonly RawStatus[] }> {
  return inDirectory(async (directory) => {
    const { exitCode, stderr, definition } = await solve(directory, script, options, "rawjson");
    if (exitCode !== 0) throw new Error(`the build exits with ${exitCode}:\n${stderr}`);
    return { definition, status: readRawStatus(stderr) };
  });
}

/** Writes files below a directory. */
export function writeFiles(directory: string, files: Files): void {
  for (const [path, contents] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof contents === "object" && "link" in contents) symlinkSync(contents.link, file);
    else writeFileSync(file, contents);
  }
}

/** Calls with a new directory that is gone afterwards. */
export async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "luakit-test-"));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Builds with buildctl what luakit emits, or in the role that the tests are run for. */
async function solve(
  directory: string,
  script: string,
  options: BuildOptions,
  progress: "plain" | "rawjson",
  output: readonly string[] = [],
): Promise<BuildctlResult & { definition: Uint8Array }> {
  const { secrets = [], ssh = [], allow = [], args = [], env = {}, addr = daemonUnderTest() } = options;
  const locals = writeLocals(directory, options.locals ?? {});
  const asked = { locals, secrets, ssh, allow, args, env, output, addr };
  const { role = builtBy() } = options;
  if (role !== "buildctl") {
    const { flags = [], buildArgs = {}, files = {} } = options;
    const place = join(directory, "script");
    writeFiles(place, { ...files, "build.lua": script });
    const own = { ...asked, directory: place, flags, buildArgs, progress };
    const result = role === "luakit" ? await solveHere({ ...own, luakit }) : await gatewayBuild(own);
    return { ...result, definition: new Uint8Array() };
  }
  const emitted = await emitIn(directory, script, options);
  if (emitted.exitCode !== 0) throw new Error(`luakit exits with ${emitted.exitCode}:\n${emitted.stderr}`);
  const { definition } = emitted;
  const result = await buildctlBuild({ ...asked, definition, args: [`--progress=${progress}`, ...args] });
  return { ...result, definition };
}

async function emitIn(directory: string, script: string, options: BuildOptions): Promise<EmitResult> {
  const { flags = [], buildArgs = {}, files = {}, env = {} } = options;
  writeFiles(join(directory, "script"), { ...files, "build.lua": script });
  const args = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
  const child = Bun.spawn([luakit, "build", ...flags, ...args, "build.lua"], {
    cwd: join(directory, "script"),
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [definition, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, definition, stderr };
}

function writeLocals(directory: string, locals: NonNullable<BuildOptions["locals"]>): Record<string, string> {
  const written = Object.entries(locals).map(([name, local]) => {
    if (typeof local === "string") return [name, local];
    const place = join(directory, "local", name);
    mkdirSync(place, { recursive: true });
    writeFiles(place, local);
    return [name, place];
  });
  return Object.fromEntries(written);
}
