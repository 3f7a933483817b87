import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory } from "./build.ts";
import { frontendTree } from "./frontend-tree.ts";
import type { LuakitResult } from "./luakit.ts";
import { builtBy } from "./role.ts";
import { type SolveOptions, solvedIn, solveIn } from "./solve.ts";
import { readTree, type Tree } from "./tree.ts";

export interface SolvedTree {
  readonly tree: Tree;
  /** The plain progress. */
  readonly stderr: string;
}

/** The file tree that `luakit build --solve`, or luakit's image, makes of a script; throws when it does not. */
export function solvedTree(
  script: string,
  flags: readonly string[] = [],
  options: SolveOptions = {},
): Promise<SolvedTree> {
  if (builtBy() === "gateway") return frontendTree(script, flags, options);
  return inDirectory(async (directory) => {
    const archive = join(directory, "tree.tar");
    const output = ["-o", `type=tar,dest=${archive}`];
    const { stderr } = await solvedIn(join(directory, "context"), script, [...flags, ...output], options);
    return { tree: readTree(readFileSync(archive)), stderr };
  });
}

/** What `luakit build --solve` says of a script that cannot be built; throws when it can. */
export function solveFails(
  script: string,
  flags: readonly string[] = [],
  options: SolveOptions = {},
): Promise<LuakitResult> {
  return inDirectory(async (directory) => {
    const result = await solveIn(directory, script, flags, options);
    if (result.exitCode === 0) throw new Error(`the build succeeds:\n${result.stderr}`);
    return result;
  });
}
