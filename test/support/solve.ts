import type { Files } from "./build.ts";
import { type LuakitResult, runLuakit, writeScript } from "./luakit.ts";
import { testbed } from "./testbed.ts";

export interface SolveOptions {
  /** What lies beside `build.lua`, in the directory that is the context. */
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Another daemon than the newest one. */
  readonly addr?: string;
  /** The flags that choose a daemon, instead of an address. */
  readonly daemon?: readonly string[];
}

/** Runs `luakit build --solve` on a script, which becomes `build.lua` of the directory, with plain progress. */
export function solveIn(
  directory: string,
  script: string,
  flags: readonly string[],
  options: SolveOptions = {},
): Promise<LuakitResult> {
  writeScript(directory, script, options.files);
  const { addr = testbed().addr, daemon = ["--addr", addr], env = {}, stdin } = options;
  const words = ["build", "--solve", ...daemon, "--progress", "plain", ...flags, "build.lua"];
  return runLuakit(words, { cwd: directory, env, ...(stdin !== undefined && { stdin }) });
}

/** As {@link solveIn}; throws when the build fails. */
export async function solvedIn(
  directory: string,
  script: string,
  flags: readonly string[],
  options: SolveOptions = {},
): Promise<LuakitResult> {
  const result = await solveIn(directory, script, flags, options);
  if (result.exitCode === 0) return result;
  throw new Error(`luakit build ${flags.join(" ")} exits with ${result.exitCode}:\n${result.stderr}`);
}
