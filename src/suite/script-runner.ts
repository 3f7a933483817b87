import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Target } from "../api/evaluation.ts";
import { standardLibrary } from "../api/prelude.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { openDirectoryModules } from "../lua/directory-modules.ts";
import { Halt, type ScriptClock, type VmLimits } from "../lua/limit.ts";
import type { LastWords } from "../lua/watchdog.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { type Evaluated, type EvaluateOptions, evaluate } from "../script/evaluate.ts";
import { readIgnorePatterns } from "../script/ignore-file.ts";
import type { TestContexts } from "./contexts.ts";
import { defaultPlatform } from "./default-platform.ts";
import { readLua } from "./read-lua.ts";
import type { Subject } from "./subject.ts";

/** How a test wants a script evaluated. */
export interface ScriptOptions {
  readonly args: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly platform?: Platform | undefined;
  readonly buildPlatform?: Platform | undefined;
  readonly target?: string | undefined;
  readonly everyTarget: boolean;
  readonly contexts: TestContexts;
  /** The root of the context, relative to the test file's directory. Default: the script's directory. */
  readonly context?: string | undefined;
}

/** What a script gave in a test. */
export interface ScriptBuild {
  readonly name: string;
  readonly evaluated: Evaluated;
  readonly platform: Platform;
  /** Whether the test named the platform. */
  readonly platformGiven: boolean;
  /** What it printed. */
  readonly log: readonly string[];
  /** Absolute. */
  readonly contextRoot: string;
  /** Directories by the names that the graph has for them. */
  readonly locals: ReadonlyMap<string, string>;
  readonly options: EvaluateOptions;
  /** Its graph, once something asked for it. */
  subject?: Subject;
  /** The same for another platform. */
  for(platform: Platform): readonly Target[];
}

export interface ScriptRunnerOptions {
  /** The test file's directory. */
  readonly directory: string;
  /** Scripts must be below this or the test file's directory. */
  readonly root: string;
  readonly limits: VmLimits;
  readonly module: WebAssembly.Module | undefined;
  readonly lastWords: (error: LuakitError) => LastWords;
  /** Of the test that wants a script. */
  readonly clock: () => ScriptClock;
}

/** Evaluates scripts of the project for tests, each in a VM of its own. */
export class ScriptRunner {
  readonly #options: ScriptRunnerOptions;

  constructor(options: ScriptRunnerOptions) {
    this.#options = options;
  }

  run(name: string, options: ScriptOptions): ScriptBuild {
    const given = this.prepare(name, options);
    const log: string[] = [];
    const evaluated = this.within(() => evaluate({ ...given, log: (line) => void log.push(line) }));
    return {
      name,
      evaluated,
      platform: given.targetPlatform,
      platformGiven: options.platform !== undefined,
      log,
      contextRoot: this.#contextOf(name, options),
      locals: options.contexts.locals,
      options: given,
      for: (platform) => {
        const again = { ...given, targetPlatform: platform, buildPlatform: options.buildPlatform ?? platform };
        return this.within(() => evaluate(again)).targets;
      },
    };
  }

  /** What a script is evaluated with. */
  prepare(name: string, options: ScriptOptions): EvaluateOptions {
    const path = this.#find(name);
    const directory = dirname(path);
    const contextRoot = this.#contextOf(name, options);
    const script = { name, data: readLua(name, path) };
    return {
      script,
      path,
      modules: openDirectoryModules({
        scriptDirectory: directory,
        contextDirectory: contextRoot,
        embedded: standardLibrary,
      }),
      ignorePatterns: () => readIgnorePatterns({ script: { name: basename(path), directory }, contextRoot }),
      replacements: options.contexts.replacements,
      buildArguments: options.args,
      hostVariable: (variable) => options.env.get(variable),
      hostHas: () => false,
      targetPlatform: options.platform ?? defaultPlatform,
      buildPlatform: options.buildPlatform ?? defaultPlatform,
      target: options.target,
      everyTarget: options.everyTarget,
      limits: this.#options.limits,
      module: this.#options.module,
      lastWords: this.#options.lastWords,
      log: () => undefined,
    };
  }

  /** Runs what evaluates a script; when that ends at its time limit, so does the test. */
  within<T>(body: () => T): T {
    try {
      return this.#options.clock().lend(body);
    } catch (error) {
      if (error instanceof LuakitError && error.code === "script.limit") throw new Halt(error);
      throw error;
    }
  }

  /** A directory that a test names. Throws for one outside the project. */
  directory(name: string): string {
    return this.#inside(name, resolve(this.#options.directory, name));
  }

  #contextOf(name: string, { context }: ScriptOptions): string {
    return context === undefined ? dirname(resolve(this.#options.directory, name)) : this.directory(context);
  }

  #find(name: string): string {
    const path = resolve(this.#options.directory, name);
    if (existsSync(path)) return this.#inside(name, path);
    const near = join(this.#options.root, name);
    const hint = existsSync(near)
      ? `paths start at the test file: "${fromHere(this.#options.directory, near)}"`
      : undefined;
    throw new LuakitError("script.missing", `there is no script "${name}" beside the test file`, { hint });
  }

  #inside(name: string, path: string): string {
    const { directory, root } = this.#options;
    const real = existsSync(path) ? realpathSync(path) : path;
    if ([directory, root].some((base) => isWithin(realpathSync(base), real))) return path;
    throw new LuakitError("script.sandbox", `"${name}" is outside of the project`, {
      hint: "tests see what is below the directory where luakit test runs, or below their own",
    });
  }
}

function isWithin(base: string, path: string): boolean {
  return path === base || path.startsWith(base.endsWith(sep) ? base : base + sep);
}

function fromHere(directory: string, path: string): string {
  return relative(directory, path).split(sep).join("/");
}

/** How results of several platforms are told apart. */
export function nameOf({ name, platform }: Target): string | undefined {
  const parts = [name, platform === undefined ? undefined : formatPlatform(platform)];
  return parts.filter((part) => part !== undefined).join(" ") || undefined;
}
