import { join, resolve } from "node:path";
import type { Target } from "../api/evaluation.ts";
import { standardLibrary } from "../api/prelude.ts";
import type { Replacements } from "../api/replacement.ts";
import { plainStyle } from "../diagnostic/excerpt.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { openDirectoryModules } from "../lua/directory-modules.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { stripControls } from "../progress/harmless.ts";
import { type BaseImages, noBaseImages } from "../script/base-images.ts";
import { type Evaluated, type EvaluateOptions, evaluate } from "../script/evaluate.ts";
import { refuseFrontends } from "../script/frontend-vertices.ts";
import { readIgnorePatterns } from "../script/ignore-file.ts";
import { flagValue, flagValues, type Input, isFlagSet } from "./command.ts";
import { hostPlatform } from "./host-platform.ts";
import { readPlatforms } from "./platform-flag.ts";
import { readScript, type ScriptInput } from "./read-script.ts";
import { columnsOf, formatError } from "./report.ts";
import { readArguments, readTimeout } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

/** A script that was evaluated for one target and platform. */
export interface EvaluatedTarget {
  readonly script: ScriptInput;
  readonly target: Target;
  readonly platform: Platform;
}

const memoryLimit = 512 * 1024 * 1024;

export interface EvaluateScriptOptions {
  /** Default: the one target that the command line chooses. */
  readonly which?: "chosen" | "all";
  /** Default: that of the command line. */
  readonly platform?: Platform;
  /** The name of a target; default: that of the command line. */
  readonly target?: string | undefined;
  /** Where the daemon runs steps; default: this machine. */
  readonly buildPlatform?: Platform;
  /** The context's root. Default: that of the command line. */
  readonly contextRoot?: string;
  /** What `--build-context` put in the place of sources. */
  readonly replacements?: Replacements | undefined;
}

/** Evaluates a script for one platform. */
export async function evaluateScript(
  input: Input,
  terminal: Terminal,
  script: ScriptInput,
  options: EvaluateScriptOptions = {},
): Promise<Evaluated & { readonly platform: Platform }> {
  const given = await readEvaluateOptions(input, terminal, script, options);
  return { ...evaluate(given), platform: given.targetPlatform };
}

/** What a command line says of how its script is to be run. */
export async function readEvaluateOptions(
  input: Input,
  terminal: Terminal,
  script: ScriptInput,
  options: EvaluateScriptOptions = {},
): Promise<EvaluateOptions> {
  const { variables } = terminal;
  const given = new Set(flagValues(input, "env"));
  const target = options.target ?? flagValue(input, "target");
  const contextRoot = options.contextRoot ?? resolve(terminal.cwd, flagValue(input, "context") ?? ".");
  return {
    script,
    path: join(script.directory, script.name),
    modules: openDirectoryModules({
      scriptDirectory: script.directory,
      contextDirectory: contextRoot,
      embedded: standardLibrary,
      looked: await fileReporter(terminal),
    }),
    ignorePatterns: () => readIgnorePatterns({ script, contextRoot }),
    replacements: options.replacements,
    buildArguments: readArguments(input, terminal.variables),
    hostVariable: (name) => (given.has(name) && Object.hasOwn(variables, name) ? variables[name] : undefined),
    hostHas: (name) => Object.hasOwn(variables, name),
    targetPlatform: options.platform ?? platformOf(input),
    buildPlatform: options.buildPlatform ?? hostPlatform(),
    target,
    everyTarget: options.which === "all" && target === undefined,
    module: await terminal.lua,
    limits: { memory: memoryLimit, time: readTimeout(input) },
    lastWords: (error) => ({
      bytes: new TextEncoder().encode(`${formatError(error).join("\n")}\n`),
      descriptor: 2,
      linger: 0,
    }),
    log: (line) => terminal.error(`${stripControls(line)}\n`),
  };
}

/** Who watches is told which files a script asks for. */
async function fileReporter({ variables }: Terminal): Promise<((path: string) => void) | undefined> {
  if (variables.LUAKIT_WATCHED === undefined) return undefined;
  const { reportFile } = await import("./watch/report-file.ts");
  return (path) => reportFile(path, variables);
}

/** Evaluates the script that the command line names to exactly one result, and prints what the script warns of. */
export async function evaluateOne(input: Input, terminal: Terminal): Promise<EvaluatedTarget> {
  const script = readScript(input.positionals[0], terminal);
  const evaluated = await evaluateScript(input, terminal, script);
  printRemarks(evaluated, terminal);
  const { targets, platform } = evaluated;
  const wanted = flagValue(input, "platform") === undefined ? undefined : formatPlatform(platform);
  const fits = ({ platform: own }: Target) => own === undefined || formatPlatform(own) === wanted;
  const [chosen] = wanted === undefined && targets.length === 1 ? targets : targets.filter(fits);
  if (chosen !== undefined) return { script, target: chosen, platform };
  const names = targets.flatMap((each) => (each.platform === undefined ? [] : [formatPlatform(each.platform)]));
  throw new LuakitError(
    "script.export",
    `the script exports ${names.join(", ")}, and a Definition holds one platform`,
    {
      hint: `choose one: ${names.map((name) => `--platform ${name}`).join(" or ")}`,
    },
  );
}

/** Prints what a script warned of, and what it could not see. */
export function printRemarks({ warnings, hints }: Pick<Evaluated, "warnings" | "hints">, terminal: Terminal): void {
  const style = { ...plainStyle, columns: columnsOf(terminal) };
  for (const warning of warnings) terminal.error(`warning: ${formatError(warning, style).join("\n")}\n`);
  for (const hint of hints) terminal.error(`hint: ${hint}\n`);
}

/** Asks the registries about the base images of a target, unless the command line says not to. */
export async function resolveImages(
  { target, platform }: EvaluatedTarget,
  input: Input,
  terminal: Terminal,
): Promise<BaseImages> {
  refuseFrontends(target.state);
  if (isFlagSet(input, "no-resolve")) return noBaseImages;
  const { baseImagesOf, resolveBaseImages } = await import("../script/base-images.ts");
  const images = baseImagesOf(target.state);
  if (images.length === 0) return noBaseImages;
  const { openResolver } = await import("./open-resolver.ts");
  return resolveBaseImages(images, target.platform ?? platform, openResolver(terminal));
}

function platformOf(input: Input): Platform {
  const platforms = readPlatforms(input);
  if (platforms.length > 1) {
    throw new LuakitError("usage", "--platform: a Definition holds one platform", {
      hint: "luakit build --solve builds several into one index",
    });
  }
  return platforms[0] ?? hostPlatform();
}
