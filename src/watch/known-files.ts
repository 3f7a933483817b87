import { type FileMark, markFile } from "./file-mark.ts";
import { isWithin } from "./scope.ts";

/** Milliseconds between two looks at all files. */
const pace = 500;

interface Known {
  mark: FileMark;
  /** A change was told since the last look. */
  isTold: boolean;
  /** Looks in a row at which it was another one, and nobody had told of that. */
  missed: number;
}

/**
 * Files that are looked at now and then, beside being watched: of a directory that is removed and made again within some
 * milliseconds the system may tell nothing any more, without a word.
 */
export class KnownFiles {
  /** Milliseconds within which changes are told that are not missed. */
  patience = 500;
  readonly #missed: (paths: readonly string[]) => void;
  readonly #files = new Map<string, Known>();
  readonly #timer: Timer;

  /** `missed` is called with files that have changed for longer than the patience without {@link told}. */
  constructor(missed: (paths: readonly string[]) => void) {
    this.#missed = missed;
    this.#timer = setInterval(() => this.#look(), pace);
    this.#timer.unref();
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** A file is as it was when it was read, or as it is; false when it has changed since it was read. */
  note(path: string, mark?: FileMark): boolean {
    const now = markFile(path);
    this.#files.set(path, { mark: now, isTold: false, missed: 0 });
    return mark === undefined || mark === now;
  }

  /** Somebody has told that a path changed, or went with all that is below. */
  told(path: string): void {
    for (const [file, known] of this.#files) if (isWithin(path, file)) known.isTold = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const missed: string[] = [];
    for (const [path, known] of this.#files) {
      const mark = markFile(path);
      if (mark !== known.mark && !known.isTold && ++known.missed <= this.patience / pace) continue;
      if (known.missed > this.patience / pace) missed.push(path);
      Object.assign(known, { mark, isTold: false, missed: 0 });
    }
    if (missed.length > 0) this.#missed(missed);
  }
}
