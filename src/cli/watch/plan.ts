import { dirname, join, resolve } from "node:path";
import { statOf } from "../../client/path-stat.ts";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { readIgnorePatterns } from "../../script/ignore-file.ts";
import { isWithin, type WatchScope } from "../../watch/scope.ts";
import { type Command, flagValue, flagValues, type Input } from "../command.ts";
import { asksToSolve, readBuildRequest } from "../solve-flags.ts";
import type { Terminal } from "../terminal.ts";
import { isStdout } from "../write-output.ts";

/** What a command line reads and writes, for watching. */
export interface WatchPlan {
  readonly scope: WatchScope;
  /** They say what of the directories counts. */
  readonly ignoreFiles: readonly string[];
}

/** Flags whose value is a file that the build writes. */
const written = ["metadata-file", "iidfile", "ref-file", "trace", "report", "image-config", "junit"];

/** Reads it anew: ignore files and links may have changed. Throws "usage" for what cannot be watched. */
export async function planWatch(command: Command, input: Input, terminal: Terminal): Promise<WatchPlan> {
  const { cwd } = terminal;
  if (command.name === "test") return planTests(input, cwd);
  const operands = input.positionals.length === 0 ? ["build.lua"] : input.positionals;
  if (operands.includes("-")) throw new LuakitError("usage", "--watch: what comes from stdin comes only once");
  const scripts = operands.map((operand) => resolve(cwd, operand));
  const context = resolve(cwd, flagValue(input, "context") ?? ".");
  const ignoreFiles = [...scripts.map((script) => `${script}.dockerignore`), join(context, ".dockerignore")];
  const policies = flagValues(input, "source-policy-file").map((file) => resolve(cwd, file));
  const files = [...scripts, ...ignoreFiles, ...policies];
  const outputs = filesOf(written, input, cwd);
  if (command.name !== "build") return { scope: { directories: [], files, outputs }, ignoreFiles };
  if (!asksToSolve(input)) {
    const output = flagValue(input, "output");
    if (isStdout(output))
      throw new LuakitError("usage", "--watch: a Definition goes to a file", { hint: "--watch -o build.pb" });
    return { scope: { directories: [], files, outputs: [...outputs, resolve(cwd, output)] }, ignoreFiles };
  }
  const solve = await planSolve(input, terminal, ignored(scripts[0] ?? "", context));
  for (const output of solve.outputs) refuseLoop(output, solve.directories, files);
  return {
    scope: { ...solve, files: [...files, ...solve.files], outputs: [...outputs, ...solve.outputs] },
    ignoreFiles,
  };
}

/** The files that flags name; `-` is none. */
function filesOf(flags: readonly string[], input: Input, cwd: string): string[] {
  const values = flags.flatMap((flag) => flagValues(input, flag));
  return values.filter((file) => file !== "-").map((file) => resolve(cwd, file));
}

/** Tests may run any script of the project. */
function planTests(input: Input, cwd: string): WatchPlan {
  const places = [...input.positionals, flagValue(input, "context") ?? "."].map((place) => resolve(cwd, place));
  const paths = [...new Set(places.map((place) => (statOf(place)?.isFile() ? dirname(place) : place)))];
  const exclude = ["**", "!**/*.lua", "**/node_modules"];
  const outputs = filesOf([...written, "output"], input, cwd);
  return { scope: { directories: paths.map((path) => ({ path, exclude })), files: [], outputs }, ignoreFiles: [] };
}

async function planSolve(input: Input, terminal: Terminal, exclude: readonly string[]): Promise<WatchScope> {
  const request = await readBuildRequest(input, terminal);
  const values = flagValues(input, "build-context");
  const { readBuildContexts } = await import("../build-contexts.ts");
  const locals = [...request.locals, ...readBuildContexts(values, terminal.cwd).locals, ...request.ociLayouts];
  const isDirectory = ({ path }: { path: string }) => statOf(path)?.isFile() !== true;
  const directories = locals
    .filter(isDirectory)
    .map(({ name, path }) => ({ path, exclude: name === "context" ? exclude : [] }));
  const files = locals.filter((local) => !isDirectory(local)).map(({ path }) => path);
  const exported = request.outputs.flatMap(({ destination }) => {
    if (destination.kind === "stdout") throw new LuakitError("usage", "--watch: several results cannot go to stdout");
    return "path" in destination ? [destination.path] : [];
  });
  const caches = request.cacheExports.flatMap(({ path }) => path ?? []);
  return { directories, files, outputs: [...exported, ...caches] };
}

function ignored(script: string, contextRoot: string): readonly string[] {
  const name = script.slice(dirname(script).length).replace(/^[/\\]/, "");
  return readIgnorePatterns({ script: { name, directory: dirname(script) }, contextRoot });
}

/** A build that writes where it reads would start the next one for ever. */
function refuseLoop(output: string, directories: WatchScope["directories"], files: readonly string[]): void {
  const read = [...directories.map(({ path }) => path), ...files].find((path) => isWithin(output, path));
  if (read === undefined) return;
  throw new LuakitError("usage", `--watch: the result goes to "${output}", where the build reads "${read}"`, {
    hint: "name a directory of its own: --output out",
  });
}
