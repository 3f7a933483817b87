import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An npm package of which the bundler took files. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  readonly homepage: string | undefined;
  readonly author: string | undefined;
  readonly directory: string;
  /** What was taken of it, as paths within the package. */
  readonly files: readonly string[];
}

/**
 * The packages that the bundler puts into executables, by name. The files that are made ready for executables
 * (`.cache/`) count as those that they are made from.
 */
export async function bundledPackages(): Promise<readonly BundledPackage[]> {
  const built = await Bun.build({
    entrypoints: ["src/main.ts"],
    target: "bun",
    format: "esm",
    splitting: true,
    metafile: true,
  });
  const files = Object.keys(built.metafile?.inputs ?? {}).sort();
  if (files.length === 0) throw new Error("the bundler does not say what it takes");
  const foreign = files.filter((file) => !file.startsWith("src/") && file !== "LICENSE");
  const names = [...new Set(foreign.map(packageOf))];
  return names.map((name) => readPackage(name, foreign));
}

function packageOf(file: string): string {
  const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  if (name === undefined) throw new Error(`${file} is in the executable, but in no package`);
  return name;
}

function readPackage(name: string, files: readonly string[]): BundledPackage {
  const directory = join("node_modules", name);
  const { version, license, homepage, author } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  if (typeof version !== "string" || typeof license !== "string") throw new Error(`${name} has no version or licence`);
  return {
    name,
    version,
    license,
    homepage: typeof homepage === "string" ? homepage : undefined,
    author: typeof author === "string" ? author : undefined,
    directory,
    files: files.filter((file) => packageOf(file) === name).map((file) => file.slice(directory.length + 1)),
  };
}

/** The licence text that a package carries. */
export function licenseText(directory: string): string {
  const path = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "license.md"]
    .map((name) => join(directory, name))
    .find((each) => existsSync(each));
  if (path === undefined) throw new Error(`${directory} carries no licence text`);
  return readFileSync(path, "utf8");
}
