import { FileRun } from "./file-run.ts";
import type { TestFile } from "./find-files.ts";
import type { ErrorData, Report, SuiteSettings } from "./message.ts";
import type { Answer, Question } from "./question.ts";
import type { FileResult, FileTests, SuiteResult } from "./suite-result.ts";
import { startWorker, type WorkerProcess, type WorkerStart } from "./worker-process.ts";

/** Answers what the tests of one worker ask of the daemon. */
export interface Answerer {
  answer(question: Question): Promise<Answer>;
  /** Ends the builds that are held. */
  close(): void;
}

export interface SuiteOptions {
  readonly files: readonly TestFile[];
  readonly settings: SuiteSettings;
  /** The most workers at a time. */
  readonly jobs: number;
  /** Start no more files after a failure. */
  readonly bail: boolean;
  readonly worker: WorkerStart;
  readonly openAnswerer?: (() => Answerer) | undefined;
  /** Told of each file when it is over. */
  readonly onFile: (file: FileResult) => void;
  readonly signal: AbortSignal;
}

interface Work {
  readonly file: TestFile;
  readonly run: FileRun;
  readonly from: number;
}

/** Runs test files in processes beside each other. Never rejects for what a test or a worker does. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult & { readonly lists: readonly FileTests[] }> {
  const started = performance.now();
  const suite = new Suite(options);
  const lanes = Math.max(1, Math.min(options.jobs, options.files.length));
  await Promise.all(Array.from({ length: lanes }, () => suite.work()));
  return { ...suite.result(), milliseconds: performance.now() - started };
}

class Suite {
  readonly #options: SuiteOptions;
  readonly #runs: readonly FileRun[];
  readonly #waiting: Work[];
  readonly #done = new Set<FileRun>();
  #stopped = false;

  constructor(options: SuiteOptions) {
    this.#options = options;
    const all = options.files.map((file) => ({ file, run: new FileRun(file.name), from: 0 }));
    this.#runs = all.map(({ run }) => run);
    this.#waiting = [...all];
    options.signal.addEventListener("abort", () => {
      this.#stopped = true;
    });
  }

  /** Runs what waits, in one worker after the other, until nothing does. */
  async work(): Promise<void> {
    let next: Work | undefined;
    while (!this.#stopped && (next !== undefined || this.#waiting.length > 0)) next = await this.#runWorker(next);
  }

  /** Uses one worker until nothing waits, or until it ends; gives what it left. */
  #runWorker(first: Work | undefined): Promise<Work | undefined> {
    const { promise, resolve } = Promise.withResolvers<Work | undefined>();
    const answerer = this.#options.openAnswerer?.();
    const lane = new Lane(this.#options, answerer, (work) => {
      this.#finish(work);
      return this.#next();
    });
    const stop = () => lane.kill();
    this.#options.signal.addEventListener("abort", stop);
    lane.begin(first ?? this.#next());
    lane.over.then((left) => {
      this.#options.signal.removeEventListener("abort", stop);
      answerer?.close();
      resolve(left);
    });
    return promise;
  }

  #next(): Work | undefined {
    if (this.#stopped) return undefined;
    return this.#waiting.shift();
  }

  #finish({ run }: Work): void {
    run.finish();
    this.#done.add(run);
    this.#options.onFile(run.result);
    if (this.#options.bail && run.hasFailed) this.#stopped = true;
  }

  result() {
    const runs = this.#runs.filter((run) => this.#done.has(run));
    return {
      files: runs.map((run) => run.result),
      lists: runs.map(({ name, declared, result }) => ({ name, tests: declared, error: result.error })),
      unfinished: this.#runs.filter((run) => !this.#done.has(run)).map(({ name }) => name),
    };
  }
}

/** One worker and the file that it runs. */
class Lane {
  readonly over: Promise<Work | undefined>;
  readonly #settings: SuiteSettings;
  readonly #answerer: Answerer | undefined;
  readonly #done: (work: Work) => Work | undefined;
  readonly #worker: WorkerProcess;
  #work: Work | undefined;
  #killed = false;
  #isGone = false;

  constructor(
    { worker, settings, signal }: SuiteOptions,
    answerer: Answerer | undefined,
    done: (work: Work) => Work | undefined,
  ) {
    this.#settings = settings;
    this.#answerer = answerer;
    this.#done = done;
    this.#worker = startWorker(worker, (report) => this.#hear(report));
    this.over = this.#worker.ended.then((words) => this.#end(words, signal.aborted));
  }

  begin(work: Work | undefined): void {
    this.#work = work;
    if (work === undefined) {
      this.kill();
      return;
    }
    work.run.start();
    const { path, name } = work.file;
    this.#worker.send({ kind: "file", job: { path, name, from: work.from, settings: this.#settings } });
  }

  kill(): void {
    this.#killed = true;
    this.#worker.kill();
  }

  #hear(report: Report): void {
    const work = this.#work;
    if (work === undefined) return;
    if (report.kind === "ask") {
      this.#answerer?.answer(report.question).then((answer) => this.#worker.send({ kind: "answer", answer }));
      return;
    }
    work.run.hear(report);
    if (report.kind === "halted") this.begin(this.#after(work, report.error));
    // The process ends by itself now, and what is left goes to another one.
    else if (report.kind === "gone") {
      this.#isGone = true;
      this.#work = this.#after(work, report.error);
    } else if (report.kind === "done" || report.kind === "broken") this.begin(this.#done(work));
  }

  /** What is to be run after a test that was ended: the rest of its file, or the next one. */
  #after(work: Work, error: ErrorData): Work | undefined {
    const from = work.run.halt(error);
    return from === undefined ? this.#done(work) : { ...work, from };
  }

  /** Gives what another worker has to run. */
  #end(words: string, isAborted: boolean): Work | undefined {
    const work = this.#work;
    if (this.#killed || isAborted || work === undefined || this.#isGone) return isAborted ? undefined : work;
    const message = `the process that ran it has ended${words === "" ? "" : `:\n${words.trimEnd()}`}`;
    return this.#after(work, { code: "test.failed", message, callers: [] });
  }
}
