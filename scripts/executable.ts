import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bunRuntime, type Runtime } from "./bun-runtime.ts";
import { prepareLicenses } from "./licenses.ts";
import { prepareLua } from "./lua-wasm.ts";
import { say, tryRun } from "./say.ts";
import { signMachO } from "./sign-mach-o.ts";
import { executablePath, type Target } from "./targets.ts";

/** Compiles luakit for a target and gives the path of the executable. */
export async function buildTarget(target: Target): Promise<string> {
  const path = executablePath(target);
  await compile(path, bunRuntime(target));
  return path;
}

/** Compiles luakit to the file `path`, with the runtime of another platform or with that of this machine. */
export async function compile(path: string, runtime?: Runtime): Promise<void> {
  const { version } = (await Bun.file("package.json").json()) as { version: string };
  prepareLua("node_modules/wasmoon/dist/glue.wasm");
  await prepareLicenses(".cache/licenses.txt");
  mkdirSync(dirname(path), { recursive: true });
  // The name of the file is part of what it holds: with another directory for each compile it is always the same.
  const directory = mkdtempSync(join(dirname(path), ".compile-"));
  const fresh = join(directory, basename(path));
  const target =
    runtime === undefined ? [] : [`--target=${runtime.target}`, `--compile-executable-path=${runtime.path}`];
  const status = tryRun(
    process.execPath,
    "build",
    "--compile",
    ...target,
    "--bytecode",
    // Most runs are over before code that was compiled for them pays; what runs longer takes this back (`main.ts`, `lua/limit.ts`).
    "--compile-jit-policy=5",
    "--format=esm",
    "--splitting",
    "--minify",
    "--conditions=prepared",
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    "--no-compile-autoload-tsconfig",
    "--no-compile-autoload-package-json",
    `--define=LUAKIT_VERSION=${JSON.stringify(version)}`,
    "src/main.ts",
    `--outfile=${fresh}`,
  );
  // For arm64 the bundler signs anew; for Intel it leaves the runtime's signature, which fits no more.
  if (status === 0 && runtime?.target === "bun-darwin-x64") signMachO(fresh, "luakit");
  // An executable that runs cannot be written to, but it can be replaced.
  if (status === 0) renameSync(fresh, path);
  rmSync(directory, { recursive: true, force: true });
  if (status !== 0) {
    say(`cannot compile ${path}`);
    process.exit(status);
  }
}
