import { relative, sep } from "node:path";
import { toByteString } from "../session/fsutil/byte-string.ts";
import { type DirectoryDecision, Filter } from "../session/fsutil/filter.ts";

/** A directory that a build reads, but for what `exclude` says in the words of an ignore file. */
export interface WatchedDirectory {
  readonly path: string;
  readonly exclude: readonly string[];
}

/** What may start a build, and what never does. Every path is absolute. */
export interface WatchScope {
  readonly directories: readonly WatchedDirectory[];
  /** They count wherever they are, even before they are there. */
  readonly files: readonly string[];
  /** What the build writes itself, with all that is below. */
  readonly outputs: readonly string[];
}

/** Directories and files that tools write while nobody has changed anything: of git, of editors, of systems. */
const passing =
  /^(?:\.git|\.hg|\.svn|\.DS_Store|4913|\.#.*|#.*#|.*~|\..*\.sw[a-z]|.*___jb_(?:tmp|old)___|\.luakit-.*)$/;

/** Tells what in a scope counts. */
export class ScopeFilter {
  readonly #files: Set<string>;
  readonly #outputs: readonly string[];
  readonly #directories: readonly DirectoryFilter[];

  /** Throws "file.pattern" for a malformed pattern. */
  constructor({ directories, files, outputs }: WatchScope) {
    this.#files = new Set(files);
    this.#outputs = outputs;
    this.#directories = directories.map((directory) => new DirectoryFilter(directory));
  }

  addFile(path: string): void {
    this.#files.add(path);
  }

  /** Whether a path, a directory or a file if that is known, has nothing that counts at it or below. */
  ignores(path: string, isDirectory: boolean | undefined): boolean {
    if (this.#files.has(path)) return false;
    if (this.#outputs.some((output) => isWithin(output, path) || isDraft(output, path))) return true;
    const around = this.#directories.filter((directory) => isWithin(directory.path, path));
    // Chokidar asks about what is above an explicit file, too.
    return around.length > 0 && around.every((directory) => directory.ignores(path, isDirectory));
  }
}

/** Files are written under another name and then renamed, with an id at the end. */
function isDraft(output: string, path: string): boolean {
  return path.startsWith(`${output}.`) && /^\.(?:[a-z0-9]{25}|luakit-[0-9a-f]{8})$/.test(path.slice(output.length));
}

/** Decisions that are kept: they are asked for again and again. */
const mostDecisions = 2000;

class DirectoryFilter {
  readonly path: string;
  readonly #filter: Filter | undefined;
  readonly #decisions = new Map<string, DirectoryDecision>();

  constructor({ path, exclude }: WatchedDirectory) {
    this.path = path;
    this.#filter = exclude.length === 0 ? undefined : new Filter(undefined, exclude.map(toByteString));
  }

  ignores(path: string, isDirectory: boolean | undefined): boolean {
    const parts = relative(this.path, path).split(sep);
    if (path === this.path) return false;
    if (parts.some((part) => passing.test(part))) return true;
    const name = toByteString(parts.join("/"));
    const parent = this.#decide(parentOf(name));
    if (parent?.enter === false) return true;
    const asFile = this.#filter?.keepsFile(name, parent) === false;
    if (isDirectory === false) return asFile;
    const decision = this.#decide(name);
    const asDirectory = decision !== undefined && !decision.enter && !decision.keep;
    return isDirectory === true ? asDirectory : asFile && asDirectory;
  }

  /** What the patterns say of a directory, by those above it first. */
  #decide(name: string): DirectoryDecision | undefined {
    if (name === "" || this.#filter === undefined) return undefined;
    const known = this.#decisions.get(name);
    if (known !== undefined) return known;
    const parent = this.#decide(parentOf(name));
    const decision =
      parent?.enter === false
        ? { keep: false, enter: false, include: undefined, exclude: undefined }
        : this.#filter.decideDirectory(name, parent);
    // Over a day names come and go without end.
    if (this.#decisions.size >= mostDecisions) this.#decisions.clear();
    this.#decisions.set(name, decision);
    return decision;
  }
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

/** Whether `path` is `directory` or below it. */
export function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
