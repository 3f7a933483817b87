import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "./build.ts";
import { gatewayBuild } from "./gateway-build.ts";
import { writeScript } from "./luakit.ts";
import type { SolveOptions } from "./solve.ts";
import { readTree, type Tree } from "./tree.ts";

/** What {@link solvedTree} gives, through luakit's image: flags of `luakit build` become what buildctl calls the same. */
export function frontendTree(
  script: string,
  flags: readonly string[],
  options: SolveOptions,
): Promise<{ readonly tree: Tree; readonly stderr: string }> {
  return inDirectory(async (temporary) => {
    const directory = join(temporary, "context");
    writeScript(directory, script, options.files);
    const archive = join(temporary, "tree.tar");
    const { addr, env = {} } = options;
    const { exitCode, stderr } = await gatewayBuild({
      ...readFlags(flags, directory),
      ...(addr === undefined ? {} : { addr }),
      directory,
      env,
      output: [`type=tar,dest=${archive}`],
    });
    if (exitCode !== 0) throw new Error(`the build exits with ${exitCode}:\n${stderr}`);
    return { tree: readTree(readFileSync(archive)), stderr };
  });
}

function readFlags(flags: readonly string[], directory: string) {
  const values = (name: string) => flags.flatMap((flag, index) => (flag === name ? [flags[index + 1] ?? ""] : []));
  const given = values("--local").map((each) => {
    const [name = "", path = ""] = each.split("=");
    return [name, join(directory, path)] as const;
  });
  const locals = {
    script: directory,
    context: join(directory, values("--context")[0] ?? ""),
    ...Object.fromEntries(given),
  };
  // The script's own directory has another name where the test has something else in the usual one.
  const opts = { dockerfilekey: "script", ...(flags.includes("--no-cache") ? { "no-cache": "" } : {}) };
  return { locals, opts, secrets: values("--secret") };
}
