import { fstatSync, statSync } from "node:fs";
import { relative } from "node:path";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { FileWatcher } from "../../watch/file-watcher.ts";
import { QuietTime } from "../../watch/quiet-time.ts";
import { type Command, type Input, isFlagSet } from "../command.ts";
import { commandWords } from "../command-line.ts";
import { report } from "../report.ts";
import { hasColors, type Terminal } from "../terminal.ts";
import { type BuildProcess, startBuild } from "./build-process.ts";
import { listenForKeys } from "./keys.ts";
import { planWatch, type WatchPlan } from "./plan.ts";
import { parseReport } from "./report-file.ts";

/** Runs a command again whenever what it reads changes, until Ctrl-C or q. Gives the exit status. */
export async function watchCommand(command: Command, input: Input, terminal: Terminal): Promise<number> {
  const flags = new Map([...input.flags].filter(([name]) => name !== "watch" && name !== "poll"));
  const words = commandWords(command, { ...input, flags });
  const session = new WatchSession(
    words,
    terminal,
    () => planWatch(command, input, terminal),
    isFlagSet(input, "poll"),
  );
  const interrupt = () => session.stop(interrupted);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  using keys = listenForKeys({ interrupt, quit: () => session.stop(0), rebuild: () => session.rebuild([]) });
  try {
    return await session.run(keys === undefined ? "Ctrl-C stops" : "press r to build again, q to stop");
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

const interrupted = 130;

/** Whether a file is where our own output goes: `luakit build --watch > log` in the context. */
function isOwnOutput(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return false;
  return [1, 2].some((descriptor) => {
    const { dev, ino } = fstatSync(descriptor);
    return dev === stat.dev && ino === stat.ino;
  });
}

/** Builds and waits, in turns. */
class WatchSession {
  readonly #words: readonly string[];
  readonly #terminal: Terminal;
  readonly #plan: () => Promise<WatchPlan>;
  readonly #poll: boolean;
  readonly #changes: QuietTime;
  #planned: WatchPlan | undefined;
  #watcher: FileWatcher | undefined;
  #process: BuildProcess | undefined;
  /** What changed since the last build began; undefined when nothing asks for another one. */
  #pending: Set<string> | undefined = new Set();
  #wake: () => void = () => undefined;
  #status: number | undefined;
  #failed = false;

  constructor(words: readonly string[], terminal: Terminal, plan: () => Promise<WatchPlan>, poll: boolean) {
    this.#words = words;
    this.#terminal = terminal;
    this.#plan = plan;
    this.#poll = poll;
    this.#changes = new QuietTime((paths) => this.rebuild(paths));
  }

  /** Asks for another build; one that runs is cancelled. */
  rebuild(paths: readonly string[]): void {
    this.#pending ??= new Set();
    for (const path of paths) this.#pending.add(path);
    this.#process?.cancel();
    this.#wake();
  }

  /** Ends the session; the second time it does not wait for the build's own end. */
  stop(status: number): void {
    if (this.#status !== undefined) this.#process?.kill();
    this.#status ??= status;
    this.#process?.cancel();
    this.#wake();
  }

  async run(keys: string): Promise<number> {
    this.#planned = await this.#plan();
    for (let first = true; this.#status === undefined; first = false) {
      const changed = [...(this.#pending ?? [])];
      this.#pending = undefined;
      if (!first) this.#announce(changed);
      await this.#prepare(changed);
      if (this.#status === undefined && this.#pending === undefined) await this.#build();
      if (this.#status === undefined && this.#pending === undefined) {
        this.#say(`${this.#failed ? "failed" : "done"}; ${this.#count()}; ${keys}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
      }
    }
    this.#changes.stop();
    await this.#watcher?.close();
    return this.#status;
  }

  /** Begins to watch, or anew when what is to be watched may be something else now. */
  async #prepare(changed: readonly string[]): Promise<void> {
    const old = this.#watcher;
    const outdated = changed.some((path) => this.#planned?.ignoreFiles.includes(path) || old?.isOutdatedBy(path));
    if (old !== undefined && !outdated) return;
    await old?.close();
    try {
      if (old !== undefined) this.#planned = await this.#plan();
      if (this.#planned !== undefined) await this.#open(this.#planned);
    } catch (error) {
      if (!(error instanceof LuakitError) || old === undefined) throw error;
      // What went wrong is in a file that is watched already, and can be mended there.
      report(error, this.#terminal);
      if (this.#planned !== undefined)
        await this.#open({ ...this.#planned, scope: { ...this.#planned.scope, directories: [] } });
    }
  }

  async #open({ scope }: WatchPlan): Promise<void> {
    this.#watcher = new FileWatcher(scope, {
      changed: (path) => {
        if (!isOwnOutput(path)) this.#changes.add(path);
      },
      notice: (text) => this.#say(text),
      poll: this.#poll,
    });
    await this.#watcher.open();
  }

  async #build(): Promise<void> {
    const watcher = this.#watcher;
    this.#process = startBuild(this.#words, this.#terminal, (line) => {
      const file = parseReport(line);
      if (file !== undefined) watcher?.add(...file);
    });
    this.#failed = (await this.#process.ended) !== 0;
    this.#process = undefined;
  }

  #announce(changed: readonly string[]): void {
    const [first, ...others] = changed.map((path) => relative(this.#terminal.cwd, path) || ".");
    const what =
      first === undefined
        ? "building again"
        : `${first}${others.length > 0 ? ` and ${others.length} more` : ""} changed`;
    this.#say(`${new Date().toTimeString().slice(0, 8)} ${what}`);
  }

  #count(): string {
    const { files, places } = this.#watcher?.count() ?? { files: 0, places: 0 };
    return `watching ${files} ${files === 1 ? "file" : "files"} in ${places} ${places === 1 ? "place" : "places"}`;
  }

  #say(text: string): void {
    this.#terminal.error(hasColors(this.#terminal) ? `\u001b[2m${text}\u001b[0m\n` : `${text}\n`);
  }
}
