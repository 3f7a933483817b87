import { lstatSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { FileMark } from "./file-mark.ts";
import { KnownFiles } from "./known-files.ts";
import { isWithin, ScopeFilter, type WatchScope } from "./scope.ts";

export interface FileWatcherOptions {
  /** Called with each path that changed, came or went. */
  readonly changed: (path: string) => void;
  /** Called with what people should know, one sentence. */
  readonly notice: (text: string) => void;
  /** Looks at every file again and again instead of being told. */
  readonly poll: boolean;
}

/** Milliseconds between two looks at a file, where nobody tells of changes. */
const pollInterval = 1000;

/** Watches what builds read. */
export class FileWatcher {
  readonly #scope: WatchScope;
  readonly #options: FileWatcherOptions;
  readonly #filter: ScopeFilter;
  readonly #links: readonly string[];
  /** Files given by name: few, and those that matter most. */
  readonly #known = new KnownFiles((paths) => void this.#renew(paths));
  #watcher: FSWatcher | undefined;
  #closed = false;

  /** Throws "file.pattern" for a malformed pattern. */
  constructor(scope: WatchScope, options: FileWatcherOptions) {
    const directories = scope.directories.map((directory) => ({ ...directory, path: realPath(directory.path) }));
    const links = scope.directories.map(({ path }) => path).filter(isLink);
    const real = scope.files.map(realPath);
    const files = [...new Set([...scope.files, ...real, ...links])];
    this.#scope = { directories, files, outputs: scope.outputs.map(realPath) };
    this.#links = links;
    this.#options = options;
    this.#filter = new ScopeFilter(this.#scope);
    for (const file of [...scope.files, ...real]) this.#known.note(file);
  }

  /** Begins; what changes after it has resolved is told. */
  async open(): Promise<void> {
    const failure = this.#options.poll ? await this.#start(true) : await this.#start(false);
    if (failure !== undefined) await this.#fallBack(failure);
  }

  /** Whether a change of this path is one of what has to be watched: then another watcher is needed. */
  isOutdatedBy(path: string): boolean {
    return this.#links.includes(path);
  }

  /** Watches one more file, of which `mark` was seen: another one is a change. */
  add(path: string, mark: FileMark): void {
    if (this.#closed) return;
    const isNew = !this.#known.has(path);
    const isSame = this.#known.note(path, mark);
    const inside = this.#scope.directories.some((directory) => isWithin(directory.path, path));
    if (isNew && !(inside && !this.#filter.ignores(path, false))) {
      this.#filter.addFile(path);
      this.#watcher?.add(path);
    }
    if (!isSame) this.#options.changed(path);
  }

  /** How many files there are to watch, and how many directories given by name they are in. */
  count(): { readonly files: number; readonly places: number } {
    const watched = this.#watcher?.getWatched() ?? {};
    const places = this.#scope.directories.map(({ path }) => path);
    const files = new Set<string>();
    const others = new Set<string>();
    for (const [directory, names] of Object.entries(watched)) {
      for (const name of names) {
        const path = join(directory, name);
        if (Object.hasOwn(watched, path) || places.includes(path)) continue;
        files.add(path);
        if (!places.some((place) => isWithin(place, path))) others.add(directory);
      }
    }
    return { files: files.size, places: places.length + others.size };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#known.stop();
    await this.#watcher?.close();
  }

  /** What changed was not told: what watches has gone deaf, at least there. */
  async #renew(missed: readonly string[]): Promise<void> {
    if (this.#watcher?.options.usePolling === false) {
      const failure = await this.#startAgain(false);
      if (failure !== undefined) await this.#fallBack(failure);
    }
    if (!this.#closed) for (const path of missed) this.#options.changed(path);
  }

  /** Where nobody tells of changes, or not of all, files are looked at. */
  async #fallBack(failure: string): Promise<void> {
    this.#options.notice(`${failure}; looking at every file each second instead`);
    await this.#startAgain(true);
  }

  async #startAgain(usePolling: boolean): Promise<string | undefined> {
    const old = this.#watcher;
    this.#watcher = undefined;
    await old?.close();
    return this.#closed ? undefined : this.#start(usePolling);
  }

  /** Resolves when everything is watched, or with why it cannot be. */
  async #start(usePolling: boolean): Promise<string | undefined> {
    const watcher = watch([], {
      ignoreInitial: true,
      followSymlinks: false,
      usePolling,
      interval: pollInterval,
      binaryInterval: pollInterval,
      ignored: (path, stats) => this.#filter.ignores(path, stats?.isDirectory()),
    });
    this.#watcher = watcher;
    this.#known.patience = usePolling ? 2 * pollInterval : pollInterval / 2;
    const { directories, files } = this.#scope;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    watcher.on("all", (_, path) => {
      if (this.#closed || this.#filter.ignores(path, undefined)) return;
      this.#known.told(path);
      this.#options.changed(path);
    });
    let isReady = false;
    watcher.on("ready", () => {
      isReady = true;
      resolve(undefined);
    });
    watcher.on("error", (error) => {
      const failure = limitReached(error);
      if (failure === undefined || this.#watcher !== watcher) return;
      resolve(failure);
      // Meanwhile nobody has looked: something may have changed.
      if (isReady)
        void this.#fallBack(failure).then(() => this.#options.changed(directories[0]?.path ?? files[0] ?? ""));
    });
    watcher.add([...directories.map(({ path }) => path), ...files, ...this.#known.paths]);
    return promise;
  }
}

/** What an error of the system means, when it is about how much can be watched. */
function limitReached(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return "the system watches no more directories (fs.inotify.max_user_watches)";
  if (code === "EMFILE") return "the system watches for no more programs (fs.inotify.max_user_instances)";
  return undefined;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** The path without links, also of what is not there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length));
  }
}
