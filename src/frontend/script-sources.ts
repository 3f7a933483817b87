import type { Replacement, Replacements } from "../api/replacement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { scratch } from "../llb/state.ts";
import { keysOfImage, keysOfLocal } from "../script/context-names.ts";
import type { EvaluateOptions } from "../script/evaluate.ts";
import type { MainContext } from "./client-context.ts";
import type { FoundFile } from "./find-script.ts";
import { readContextIgnore } from "./ignore-patterns.ts";
import { type ModuleFiles, moduleId } from "./module-files.ts";
import { moduleNames } from "./module-names.ts";
import { type NamedContextOptions, readNamedContext } from "./named-context.ts";

/** What a script is given of its surroundings. */
export type Surroundings = Pick<
  EvaluateOptions,
  "script" | "path" | "modules" | "ignorePatterns" | "replacements" | "log"
>;

export interface ScriptSourcesOptions extends NamedContextOptions {
  readonly found: FoundFile;
  readonly main: MainContext;
  readonly modules: ModuleFiles;
  /** The patterns of the context's ignore file, when they were asked for already. */
  readonly ignoreFile?: Promise<readonly string[] | undefined> | undefined;
}

const mostRuns = 50;
/** Runs that may take any time, as each has its own limit; all together those after them end with `longest`. */
const fewRuns = 5;
const longest = 60_000;
/** What most scripts write; others are run again. */
const asksForContext = /\blocal_\s*\(?\s*["']context["']/;
const nothing: Replacement = { type: "state", make: () => scratch };

/** Whether a run was told that there is no ignore file before anybody knew. */
interface Guess {
  made: boolean;
}

/**
 * What a script asks for while it runs: its modules, the ignore file of its context, what takes the place of sources.
 * The VM cannot wait: what is not there yet is noted, fetched, and the script run again.
 */
export class ScriptSources {
  readonly #options: ScriptSourcesOptions;
  readonly #contexts = new Map<string, Replacement | LuakitError>();
  readonly #wanted = new Map<string, () => Promise<void>>();
  #ignorePatterns: readonly string[] | undefined;
  /** The ignore file on its way. */
  #coming: Promise<void> | undefined;

  constructor(options: ScriptSourcesOptions) {
    this.#options = options;
    this.#ignorePatterns = options.main.isLocal ? options.found.ignorePatterns : [];
  }

  /** Whether the client puts something in the place of sources. */
  get hasNamedContexts(): boolean {
    return [...this.#options.options.keys()].some((key) => key.startsWith("context:"));
  }

  /**
   * Runs a script until it has all that it asks for. `log` takes the lines of the last run, and `foresee` what most likely
   * is its outcome, while the ignore file is looked for.
   */
  async run<T>(
    log: (line: string) => void,
    attempt: (given: Surroundings) => T,
    foresee: (value: T) => void = () => undefined,
  ): Promise<T> {
    await this.#prepare();
    const begun = performance.now();
    for (let runs = 1; ; runs++) {
      const lines: string[] = [];
      const guess: Guess = { made: false };
      const outcome = tryTo(() => attempt(this.#surroundings(lines, guess)));
      if (guess.made && this.#wanted.size === 0 && "value" in outcome) foresee(outcome.value);
      if (this.#wanted.size === 0 && (await this.#isRight(guess))) {
        for (const line of lines) log(line);
        if ("error" in outcome) throw outcome.error;
        return outcome.value;
      }
      if (runs >= mostRuns || (runs > fewRuns && performance.now() - begun > longest)) {
        throw new LuakitError("script.limit", "the script asks for something else each time that it runs");
      }
      await this.#fetch();
    }
  }

  /** Reads what the script's text names, so that one run is mostly enough. */
  async #prepare(): Promise<void> {
    const { found, main } = this.#options;
    const { data } = found.file;
    const names = moduleNames(data);
    if (names.length > 0) this.#want("modules", () => this.#options.modules.read(names));
    if (main.isLocal && this.#ignorePatterns === undefined && asksForContext.test(data)) {
      this.#coming ??= this.#readIgnorePatterns();
      this.#coming.catch(() => undefined);
    }
    await this.#fetch();
  }

  async #fetch(): Promise<void> {
    const wanted = [...this.#wanted.values()];
    this.#wanted.clear();
    await Promise.all(wanted.map((fetch) => fetch()));
  }

  #want(what: string, fetch: () => Promise<void>): void {
    if (!this.#wanted.has(what)) this.#wanted.set(what, fetch);
  }

  #surroundings(lines: string[], guess: Guess): Surroundings {
    const { found, modules } = this.#options;
    return {
      script: found.file,
      path: moduleId(found.root, found.file.name),
      modules: {
        find: (name) => {
          const answer = modules.find(name);
          if (answer !== undefined) return answer;
          this.#want(`module ${name}`, () => modules.read([name]));
          throw new LuakitError("script.module", `module "${name}" was not read yet`);
        },
      },
      ignorePatterns: () => {
        if (this.#ignorePatterns !== undefined) return this.#ignorePatterns;
        if (this.#coming === undefined) this.#want("ignore file", () => this.#readIgnorePatterns());
        else guess.made = true;
        return [];
      },
      replacements: this.#replacements(),
      log: (line) => lines.push(line),
    };
  }

  async #readIgnorePatterns(): Promise<void> {
    const { main, ignoreFile = readContextIgnore(main.root) } = this.#options;
    this.#ignorePatterns = (await ignoreFile) ?? [];
  }

  /** Most contexts have no ignore file: the script runs while it is looked for, and again only if there is one. */
  async #isRight(guess: Guess): Promise<boolean> {
    if (!guess.made) return true;
    await this.#coming;
    return this.#ignorePatterns?.length === 0;
  }

  #replacements(): Replacements {
    const find = (keys: readonly string[]) => {
      const key = keys.find((each) => this.#options.options.has(`context:${each}`));
      return key === undefined ? undefined : this.#context(key);
    };
    return {
      local: (name, platform) => find(keysOfLocal(name, platform)) ?? this.#mainReplacement(name),
      image: (reference, platform) => find(keysOfImage(reference, platform)),
    };
  }

  #mainReplacement(name: string): Replacement | undefined {
    if (name === "context") return this.#options.main.replacement;
    const sessionId = this.#options.options.get(`local-sessionid:${name}`);
    return sessionId ? { type: "local", name, exclude: [], sessionId } : undefined;
  }

  #context(key: string): Replacement {
    const known = this.#contexts.get(key);
    if (known instanceof LuakitError) throw known;
    if (known !== undefined) return known;
    const value = this.#options.options.get(`context:${key}`) ?? "";
    const read = readNamedContext({ key, value }, this.#options);
    if (typeof read === "function") {
      this.#want(`context ${key}`, async () => void this.#contexts.set(key, await settle(read)));
      return nothing;
    }
    this.#contexts.set(key, read);
    return read;
  }
}

/** Errors of what the script asks for belong to the line that asks. */
async function settle(read: () => Promise<Replacement>): Promise<Replacement | LuakitError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
}

function tryTo<T>(attempt: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: attempt() };
  } catch (error) {
    return { error };
  }
}
