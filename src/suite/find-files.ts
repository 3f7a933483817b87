import { type Dirent, readdirSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { lookAt } from "../client/path-stat.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";

/** A test file: its absolute path, and its name from the working directory on. */
export interface TestFile {
  readonly path: string;
  readonly name: string;
}

const ending = "_test.lua";
/** Other people's files, and what tools keep. */
const passedBy = new Set(["node_modules", "luakit_modules", ".git"]);

/**
 * The test files that operands name, in order: files as they are, directories with all below. Throws "usage" and
 * "file.read".
 */
export function findTestFiles(operands: readonly string[], cwd: string): readonly TestFile[] {
  const paths = new Set<string>();
  for (const operand of operands.length === 0 ? ["."] : operands) {
    const path = resolve(cwd, operand);
    const stat = lookAt(path, (_, cause) => cannotRead(`"${operand}"`, cause));
    if (stat === undefined) throw new LuakitError("usage", `there is no "${operand}"`);
    for (const each of stat.isDirectory() ? filesBelow(path, operand) : [path]) paths.add(each);
  }
  return [...paths].map((path) => ({ path, name: relative(cwd, path).split(sep).join("/") || path }));
}

/** `name` is how errors call the directory. */
function filesBelow(directory: string, name: string): string[] {
  const entries = list(directory, name).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return passedBy.has(entry.name) ? [] : filesBelow(path, join(name, entry.name));
    return entry.name.endsWith(ending) && statSync(path, { throwIfNoEntry: false })?.isFile() === true ? [path] : [];
  });
}

function list(directory: string, name: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw cannotRead(`the directory "${name}"`, error);
  }
}
