import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import type { ExportOptions } from "../image/export-config.ts";
import type { Context, Location } from "../llb/location.ts";
import type { StartClock } from "../llb/marshal.ts";
import type { State } from "../llb/state.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import {
  type ArgumentOptions,
  type ArgumentValue,
  DeclaredArguments,
  type MissingArguments,
} from "./declared-arguments.ts";
import { failAt, placeOf } from "./place.ts";
import type { Replacements } from "./replacement.ts";

/** What a script can ask about the build that it is evaluated for. */
export interface EvaluationOptions {
  /** Build arguments by name. */
  readonly buildArguments: ReadonlyMap<string, string>;
  /** The platform that the results are for. */
  readonly targetPlatform: Platform;
  /** The platform that the daemon runs on. */
  readonly buildPlatform: Platform;
  /** The target to evaluate. Default: the script's default target, or its export. */
  readonly target?: string | undefined;
  /** Targets whose steps run anew, in any case. */
  readonly noCacheTargets?: readonly string[] | undefined;
  /** Exclude patterns of the context's ignore file. Asked at most once. */
  readonly ignorePatterns?: (() => readonly string[]) | undefined;
  /** Default: refuse. */
  readonly missingArguments?: MissingArguments | undefined;
  /** What the client put in the place of sources. Default: nothing. */
  readonly replacements?: Replacements | undefined;
  /** Takes the lines of `bk.log`; without line end. */
  readonly log?: ((line: string) => void) | undefined;
}

/** One result of a script. */
export interface Target {
  /** Absent for what `bk.export` gave. */
  readonly name?: string | undefined;
  /** The platform that the script named for it; absent: the target platform of the evaluation. */
  readonly platform?: Platform | undefined;
  readonly state: State;
  /** Checked options of the image's config. */
  readonly config: ExportOptions;
  readonly location?: Location | undefined;
  /** Writing its graph takes from the script's time. */
  readonly startClock?: StartClock | undefined;
}

/** What `bk.warn` said. */
export interface Warning {
  readonly message: string;
  readonly location?: Location | undefined;
}

/** A State, or one per platform. */
export interface Exported {
  readonly platform?: Platform | undefined;
  readonly state: State;
}

/** What a script says about a target without being asked to make it. */
export interface TargetDeclaration {
  readonly name: string;
  readonly description?: string | undefined;
  readonly isDefault: boolean;
  readonly location?: Location | undefined;
}

export interface TargetResult {
  readonly results: readonly Exported[];
  readonly config: ExportOptions;
}

/** What `bk.export` was given, and where. */
export interface Export extends TargetResult {
  readonly location: Location | undefined;
}

interface DeclaredTarget extends TargetDeclaration {
  readonly make: () => TargetResult;
}

/** One evaluation of a script: what its API calls know and what they leave behind. Run the script, then `finish`. */
export class Evaluation {
  readonly options: EvaluationOptions;
  readonly warnings: Warning[] = [];
  readonly #arguments: DeclaredArguments;
  readonly #targets = new Map<string, DeclaredTarget>();
  #exported: Export | undefined;
  readonly #platforms = new Map<string, Platform>();
  #ignorePatterns: readonly string[] | undefined;
  #making: string | undefined;
  #context: Context = { location: undefined, noCache: undefined };

  constructor(options: EvaluationOptions) {
    this.options = options;
    this.#arguments = new DeclaredArguments(options.buildArguments, options.missingArguments);
  }

  /** The targets that the script declared so far, in its order. */
  get targets(): readonly TargetDeclaration[] {
    return [...this.#targets.values()];
  }

  /** What the script exported so far. */
  get exported(): Export | undefined {
    return this.#exported;
  }

  /** The build arguments that the script asked for so far, in its order. */
  get arguments(): DeclaredArguments["list"] {
    return this.#arguments.list;
  }

  /** Whether what is made now runs anew in every build: the chosen target says so, and is being made. */
  get makesAnew(): boolean {
    if (this.#making === undefined || this.options.noCacheTargets === undefined) return false;
    const making = this.#making.toLowerCase();
    return this.options.noCacheTargets.some((name) => name.toLowerCase() === making);
  }

  /** What is told to those who make vertices at a place. Most of them are made by loops, at the same one. */
  contextAt(location: Location | undefined): Context {
    const noCache = this.makesAnew || undefined;
    if (this.#context.location !== location || this.#context.noCache !== noCache) this.#context = { location, noCache };
    return this.#context;
  }

  ignorePatterns(): readonly string[] {
    this.#ignorePatterns ??= this.options.ignorePatterns?.() ?? [];
    return this.#ignorePatterns;
  }

  /** Equal platforms as one object: that is what `==` compares in scripts. */
  platform(given: Platform): Platform {
    const name = formatPlatform(given);
    const known = this.#platforms.get(name) ?? given;
    this.#platforms.set(name, known);
    return known;
  }

  log(line: string): void {
    this.options.log?.(line);
  }

  warn(message: string, location: Location | undefined): void {
    this.warnings.push({ message, location });
  }

  /** Records the argument and gives its value. */
  argument(name: string, options: ArgumentOptions, location: Location | undefined): ArgumentValue | undefined {
    return this.#arguments.declare(name, options, location);
  }

  /** Records the one export of the script. */
  export(result: TargetResult, location: Location | undefined): void {
    if (this.#making !== undefined) {
      throw new LuakitError("script.export", `the target "${this.#making}" cannot export`, {
        hint: "return the State from the target's function",
      });
    }
    if (this.#exported !== undefined) {
      throw new LuakitError("script.export", `the script exports already${placeOf(this.#exported.location)}`, {
        hint: "several results are several bk.target",
      });
    }
    const preset = this.targets.find((target) => target.isDefault);
    if (preset !== undefined) throw twoDefaults(preset);
    this.#exported = { ...result, location };
  }

  /** Records a target; its function runs in `finish`, if it is the chosen one. */
  declareTarget(target: TargetDeclaration, make: () => TargetResult): void {
    const { name } = target;
    if (this.#making !== undefined) {
      throw new LuakitError("script.export", `the target "${this.#making}" cannot declare targets`);
    }
    const before = this.#targets.get(name);
    if (before !== undefined) {
      throw new LuakitError("script.export", `the target "${name}" is there already${placeOf(before.location)}`);
    }
    const preset = this.targets.find((each) => each.isDefault);
    if (target.isDefault && preset !== undefined) throw twoDefaults(preset);
    if (target.isDefault && this.#exported !== undefined) {
      throw new LuakitError("script.export", `bk.export${placeOf(this.#exported.location)} is the default already`);
    }
    this.#targets.set(name, { ...target, make });
  }

  /** The results that were asked for: those of `options.target`, else of the default. One per platform. */
  finish(): readonly Target[] {
    const chosen = this.#choose();
    return chosen === undefined ? checkResults(this.#exportedTargets()) : this.#make(chosen);
  }

  /** Every result: those of the export, then those of each target. */
  finishAll(): readonly Target[] {
    const targets = [...this.#targets.values()];
    return checkResults([...this.#exportedTargets(), ...targets.flatMap((target) => this.#make(target))]);
  }

  #exportedTargets(): readonly Target[] {
    if (this.#exported === undefined) return [];
    const { results, config, location } = this.#exported;
    return results.map((result) => ({ ...result, config, location }));
  }

  #choose(): DeclaredTarget | undefined {
    const names = [...this.#targets.keys()];
    const wanted = this.options.target;
    if (wanted !== undefined) {
      const target = this.#targets.get(wanted);
      if (target !== undefined) return target;
      const hint = names.length === 0 ? "leave --target out" : `the targets are ${names.join(", ")}`;
      const what = names.length === 0 ? "the script has no targets" : `the script has no target "${wanted}"`;
      throw new LuakitError("script.export", `${what}${didYouMean(wanted, names)}`, { hint });
    }
    if (this.#exported !== undefined) return undefined;
    const targets = [...this.#targets.values()];
    const preset = targets.length === 1 ? targets[0] : targets.find((target) => target.isDefault);
    if (preset !== undefined || targets.length === 0) return preset;
    throw new LuakitError("script.export", "the script has several targets and no default", {
      hint: `choose one: --target ${names.join(" or --target ")}`,
    });
  }

  #make(target: DeclaredTarget): readonly Target[] {
    const { name, location } = target;
    this.#making = name;
    try {
      const { results, config } = target.make();
      return results.map((result) => ({ ...result, name, config, location }));
    } catch (error) {
      throw failAt(error, location, `bk.target: target "${name}"`);
    } finally {
      this.#making = undefined;
    }
  }
}

function checkResults(targets: readonly Target[]): readonly Target[] {
  if (targets.length > 0) return targets;
  throw new LuakitError("script.export", "the script exports nothing", { hint: "bk.export(state)" });
}

function twoDefaults(preset: TargetDeclaration): LuakitError {
  return new LuakitError(
    "script.export",
    `the target "${preset.name}"${placeOf(preset.location)} is the default already`,
  );
}
