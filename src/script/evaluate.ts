import { apiFunctions, apiHandles } from "../api/api.ts";
import type { MissingArguments } from "../api/declared-arguments.ts";
import { Evaluation, type Target } from "../api/evaluation.ts";
import type { Replacements } from "../api/replacement.ts";
import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import type { StartClock } from "../llb/marshal.ts";
import { type ScriptClock, timeError, type VmLimits } from "../lua/limit.ts";
import type { ModuleSource } from "../lua/module.ts";
import type { ScriptFile } from "../lua/position.ts";
import { openVm } from "../lua/vm.ts";
import type { LastWords } from "../lua/watchdog.ts";
import type { Platform } from "../oci/platform.ts";

export interface EvaluateOptions {
  readonly script: ScriptFile;
  /** Tells `require` which file the script is. */
  readonly path: string;
  readonly modules: ModuleSource;
  /** Exclude patterns of the context's ignore file. Asked at most once. */
  readonly ignorePatterns: () => readonly string[];
  /** What the client put in the place of sources. Default: nothing. */
  readonly replacements?: Replacements | undefined;
  readonly buildArguments: ReadonlyMap<string, string>;
  /** A variable of the host that the user lets the script see. */
  readonly hostVariable: (name: string) => string | undefined;
  /** Whether the host has a variable, shown or not. */
  readonly hostHas: (name: string) => boolean;
  readonly targetPlatform: Platform;
  readonly buildPlatform: Platform;
  readonly target?: string | undefined;
  /** Targets whose steps run anew, in any case. */
  readonly noCacheTargets?: readonly string[] | undefined;
  /** Default: refuse. */
  readonly missingArguments?: MissingArguments | undefined;
  /** Make every target that the script declares, and its export. */
  readonly everyTarget?: boolean;
  readonly limits: VmLimits;
  /** Lua's code, when `compileLua` was called in time. */
  readonly module?: WebAssembly.Module | undefined;
  /** How an error is told when only the end of the process can stop the script. */
  readonly lastWords: (error: LuakitError) => LastWords;
  /** Takes what the script prints. */
  readonly log: (line: string) => void;
  /** Gets what a script that fails had warned of. */
  readonly failed?: ((warnings: readonly LuakitError[]) => void) | undefined;
}

/** What a script gave. */
export interface Evaluated {
  readonly targets: readonly Target[];
  /** What `bk.warn` said, where. */
  readonly warnings: readonly LuakitError[];
  readonly hints: readonly string[];
}

/** Runs a script once, for one platform. Throws the script's one error. */
export function evaluate(options: EvaluateOptions): Evaluated {
  return runScript(options, (evaluation, hints, clock) => {
    const made = options.everyTarget ? evaluation.finishAll() : evaluation.finish();
    const startClock = clockOf(clock, options.limits);
    const targets = made.map((target) => ({ ...target, startClock }));
    return { targets, warnings: warningsOf(evaluation), hints: hints() };
  });
}

/** A clock over what a script has left of its time, for what is made of its results. */
export function clockOf(clock: ScriptClock, { time }: VmLimits): StartClock {
  const left = clock.left();
  return () => {
    const until = performance.now() + left;
    return () => {
      if (performance.now() > until) throw timeError(time);
    };
  };
}

/** Runs a script once and takes what is wanted of it while its targets can still be made. Throws the script's one error. */
export function runScript<T>(
  options: EvaluateOptions,
  take: (evaluation: Evaluation, hints: () => readonly string[], clock: ScriptClock) => T,
  evaluation = new Evaluation(options),
  functions = apiFunctions,
): T {
  const { script, path, modules, limits, log } = options;
  const hidden = new Set<string>();
  const vm = openVm({
    functions,
    handles: apiHandles,
    session: evaluation,
    limits,
    module: options.module,
    modules,
    environment: (name) => {
      const value = options.buildArguments.get(name) ?? options.hostVariable(name);
      if (value === undefined && options.hostHas(name)) hidden.add(name);
      return value;
    },
    print: log,
    lastWords: options.lastWords(stuck(script.name, timeError(limits.time))),
  });
  try {
    vm.run(script, path);
    return take(evaluation, () => hintsOf(script.name, hidden), vm.clock);
  } catch (error) {
    options.failed?.(warningsOf(evaluation));
    throw error instanceof LuakitError ? error.at(endOf(script)) : error;
  } finally {
    vm.close();
  }
}

/** The time error of a script that can only be ended from outside; nothing knows its line. */
function stuck(name: string, { code, message, hint }: LuakitError): LuakitError {
  return new LuakitError(code, `${name}: ${message}, the last of it in one call of Lua's library, such as a pattern`, {
    hint,
  });
}

/** What a script left undone is shown at its last line. */
function endOf({ name, data }: EvaluateOptions["script"]): Position {
  return { file: name, line: data.trimEnd().split("\n").length, source: data };
}

/** What `bk.warn` said, as errors are shown. */
export function warningsOf({ warnings }: Evaluation): LuakitError[] {
  return warnings.map(({ message, location }) => {
    const warning = new LuakitError("script.runtime", message);
    return location === undefined ? warning : warning.at(positionOf(location), callersOf(location));
  });
}

function hintsOf(script: string, hidden: ReadonlySet<string>): string[] {
  const [name] = hidden;
  if (name === undefined) return [];
  return [`${script} asks for ${name}, which is set here but not passed on: --env ${name} or --build-arg ${name}`];
}
