import { type Files, inDirectory } from "./build.ts";
import { type LuakitResult, runLuakit, writeScript } from "./luakit.ts";
import { testbed } from "./testbed.ts";

export interface SolveOptions {
  /** What lies beside `build.lua`, in the directory that is the context and the working directory. */
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  /** Another daemon than the newest one. */
  readonly addr?: string;
}

/** Runs `luakit build --solve` with plain progress on a script in a directory that is gone afterwards. */
export function solve(script: string, flags: readonly string[], options: SolveOptions = {}): Promise<LuakitResult> {
  return inDirectory((cwd) => {
    writeScript(cwd, script, options.files);
    const { addr = testbed().addr, env = {} } = options;
    return runLuakit(["build", "--solve", "--addr", addr, "--progress", "plain", ...flags, "build.lua"], { cwd, env });
  });
}

/** As {@link solve}; throws when the build fails. */
export async function solved(
  script: string,
  flags: readonly string[],
  options: SolveOptions = {},
): Promise<LuakitResult> {
  const result = await solve(script, flags, options);
  if (result.exitCode === 0) return result;
  throw new Error(`luakit build ${flags.join(" ")} exits with ${result.exitCode}:\n${result.stderr}`);
}
