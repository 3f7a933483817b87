/** Milliseconds without a further change after which a build may begin: editors and tools write several files at once. */
const quiet = 100;
/** A stream of changes that never ends holds a build up for so long. */
const longest = 2000;

/** Gathers changes, and gives them together once there are no more for a while. */
export class QuietTime {
  readonly #done: (paths: readonly string[]) => void;
  readonly #paths = new Set<string>();
  #timer: Timer | undefined;
  #since = 0;

  constructor(done: (paths: readonly string[]) => void) {
    this.#done = done;
  }

  add(path: string): void {
    if (this.#paths.size === 0) this.#since = performance.now();
    this.#paths.add(path);
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#since + longest - performance.now());
    this.#timer = setTimeout(() => this.#end(), Math.min(quiet, left));
  }

  /** What was gathered is forgotten. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#paths.clear();
  }

  #end(): void {
    const paths = [...this.#paths];
    this.#paths.clear();
    this.#done(paths);
  }
}
