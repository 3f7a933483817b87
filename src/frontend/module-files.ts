import { posix } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { moduleFiles } from "../lua/directory-modules.ts";
import type { FoundModule, ModuleSource } from "../lua/module.ts";
import { decodeScript } from "../script/decode-script.ts";
import type { FileRoot } from "./file-root.ts";
import type { FileTree } from "./file-tree.ts";
import { moduleNames } from "./module-names.ts";

export interface ModuleFilesOptions {
  /** Where the script is. */
  readonly script: FileRoot;
  readonly context: FileRoot;
  /** Texts of the embedded modules by name. */
  readonly embedded: ReadonlyMap<string, string>;
}

/** A directory that modules are looked for in. */
interface Place {
  readonly root: FileRoot;
  readonly directory: string;
  /** What follows the path where errors list it. */
  readonly suffix: string;
}

type Answer = ReturnType<ModuleSource["find"]>;

const mostBytes = 64 << 20;
const own = "luakit_modules";

/**
 * The modules of a build, read through the daemon: from the script's directory, the context's root, `luakit_modules` in
 * each, and the embedded ones. The VM cannot wait, so what a script asks for is read before it runs.
 */
export class ModuleFiles {
  readonly #options: ModuleFilesOptions;
  readonly #places: readonly Place[];
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #known = new Map<string, Answer | LuakitError>();
  readonly #trees = new Map<string, FileTree>();
  #bytes = 0;

  constructor(options: ModuleFilesOptions) {
    this.#options = options;
    this.#places = placesOf(options);
  }

  /** What is known of a module; undefined: it has to be read first. Throws for names that no module has. */
  find(name: string): Answer | undefined {
    moduleFiles(name);
    const known = this.#known.get(name);
    if (known instanceof LuakitError) throw known;
    return known;
  }

  /** Reads modules, and those that they ask for in turn. */
  async read(names: readonly string[]): Promise<void> {
    const fresh = names.filter((name) => !this.#answers.has(name) && isModuleName(name));
    for (const name of fresh) this.#answers.set(name, this.#search(name, fresh));
    await Promise.all(fresh.map((name) => this.#settle(name)));
  }

  async #settle(name: string): Promise<void> {
    try {
      const answer = await this.#answers.get(name);
      if (answer === undefined) return;
      this.#known.set(name, answer);
      if ("found" in answer) await this.read(moduleNames(answer.found.file.data));
    } catch (error) {
      if (!(error instanceof LuakitError)) throw error;
      this.#known.set(name, error);
    }
  }

  async #search(name: string, together: readonly string[]): Promise<Answer> {
    const files = moduleFiles(name);
    const candidates = this.#places.flatMap((place) => files.map((file) => ({ place, file })));
    const answers = await Promise.all(
      candidates.map(({ place, file }) => this.#tree(place, together).read(pathIn(place, file))),
    );
    const at = answers.findIndex((answer) => typeof answer !== "string");
    const found = candidates[at];
    const data = answers[at];
    if (found !== undefined && typeof data === "object") return { found: this.#found(found.place, found.file, data) };
    const text = this.#options.embedded.get(name);
    if (text !== undefined) {
      return { found: { file: { name: `${name}.lua`, data: text }, path: `standard library: ${name}` } };
    }
    const tried = candidates.flatMap(({ place, file }, index) =>
      answers[index] === "no directory" ? [] : [`${pathIn(place, file)}${place.suffix}`],
    );
    return { tried: [...tried, `the standard library: ${[...this.#options.embedded.keys()].join(", ")}`] };
  }

  #found(place: Place, file: string, data: Uint8Array): FoundModule {
    const path = pathIn(place, file);
    this.#bytes += data.length;
    if (this.#bytes > mostBytes) {
      throw new LuakitError("script.limit", `the modules are larger than ${mostBytes >> 20} MiB in all`);
    }
    return { file: { name: path, data: decodeScript(path, data) }, path: moduleId(place.root, path) };
  }

  /** One transfer for all modules of a root; where only embedded ones are asked for, of what would stand before these. */
  #tree({ root }: Place, names: readonly string[]): FileTree {
    const whole = this.#trees.get(root.id);
    if (whole !== undefined) return whole;
    const paths = names.flatMap((name) =>
      this.#places.flatMap((place) =>
        place.root.id === root.id ? moduleFiles(name).map((file) => pathIn(place, file)) : [],
      ),
    );
    const selection = { paths: [...new Set(paths)], title: "[internal] load modules", key: `${root.id} modules` };
    const only = names.every((name) => this.#options.embedded.has(name));
    const key = only ? `${root.id}: ${names.join(" ")}` : root.id;
    const include = this.#places.flatMap((place) => (place.root.id === root.id ? [pathIn(place, "**/*.lua")] : []));
    const tree = this.#trees.get(key) ?? root.open(only ? selection : { ...selection, include: outermost(include) });
    this.#trees.set(key, tree);
    return tree;
  }
}

/** What `require` knows a file by, so that it is run once. */
export function moduleId({ id }: FileRoot, path: string): string {
  return `${id}: ${posix.normalize(path)}`;
}

function placesOf({ script, context }: ModuleFilesOptions): readonly Place[] {
  const isSame = script.id === context.id && script.directory === context.directory;
  const bases = [
    { root: script, directory: script.directory, suffix: "" },
    ...(isSame ? [] : [{ root: context, directory: context.directory, suffix: " in the context" }]),
  ];
  return [...bases, ...bases.map((base) => ({ ...base, directory: posix.join(base.directory, own) }))];
}

function pathIn({ directory }: Place, file: string): string {
  return directory === "" ? file : posix.join(directory, file);
}

function outermost(patterns: readonly string[]): readonly string[] {
  return patterns.includes("**/*.lua") ? ["**/*.lua"] : [...new Set(patterns)];
}

function isModuleName(name: string): boolean {
  try {
    moduleFiles(name);
    return true;
  } catch {
    return false; // What is wrong with it is said where the script asks for it.
  }
}
